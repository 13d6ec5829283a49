//! A run for each thing that can be done with one, so that each address of the desk names one with which it can be done.

use awsomeshop::grants::runs::check::Judged;
use awsomeshop::grants::runs::propose::{self, Plan, Proposal};
use awsomeshop::grants::runs::{Terms, approve};
use awsomeshop::server::jobs::Job;
use awsomeshop::types::actor::Actor;
use awsomeshop::types::form_key::FormKey;
use awsomeshop::types::grant_run::{RunEnds, RunOrigin};
use awsomeshop::types::id::{PersonId, RunId};
use awsomeshop::types::points::Points;
use futures::FutureExt;

use crate::support::Shop;

/// The runs of a scene, each by what is done with it.
pub struct Runs {
    commitment: RunId,
    withdrawal: RunId,
    approval: RunId,
    rejection: RunId,
    reversal: RunId,
}

impl Runs {
    /// A few points in each, for `receiver` where they are not given yet.
    pub async fn set(shop: &Shop, receiver: PersonId) -> Self {
        let maker = shop.person("rita").await;
        let judge = shop.person("rudi").await;
        // For somebody who leaves it untouched: else there is nothing to take back.
        let reversal = waiting(shop, maker, shop.person("rosa").await).await;
        let (now, terms) = (shop.now(), Terms::of(&shop.app.config));
        let approved = shop.app.db.write("test.approve", move |tx| {
            async move { approve::approve(tx, now, judge, reversal, 1, &terms).await }.boxed()
        });
        approved.await.unwrap();
        shop.job(Job::WorkGrantRuns).await;
        Self {
            commitment: draft(shop, maker, receiver, 5).await,
            withdrawal: draft(shop, maker, receiver, 6).await,
            approval: waiting(shop, maker, receiver).await,
            rejection: waiting(shop, maker, receiver).await,
            reversal,
        }
    }

    /// The one for an address; for one that only looks, the draft.
    pub fn of(&self, pattern: &str) -> RunId {
        match pattern.rsplit('/').next().unwrap_or_default() {
            "withdrawal" => self.withdrawal,
            "approval" => self.approval,
            "rejection" => self.rejection,
            "reversal" => self.reversal,
            _ => self.commitment,
        }
    }

    /// From now on the drafts are somebody else's, behind the shop's back.
    pub async fn give_drafts_to(&self, shop: &Shop, maker: PersonId) {
        for draft in [self.commitment, self.withdrawal] {
            let sql = "UPDATE grant_runs SET maker_id = ? WHERE id = ?";
            assert_eq!(shop.sql(sql, [maker.into(), draft.into()]).await, 1);
        }
    }
}

async fn draft(shop: &Shop, maker: PersonId, receiver: PersonId, points: i64) -> RunId {
    let now = shop.now();
    let row = Judged {
        line: 2,
        who: "E-1".to_owned(),
        amount_typed: points.to_string(),
        note: String::new(),
        person_id: Some(receiver),
        amount: Some(Points(points)),
        is_unusual: false,
        problem: None,
        other_line: None,
    };
    let plan = Plan {
        origin: RunOrigin::Sheet,
        file_name: "bonus.csv".to_owned(),
        reason: "idea",
        note: "A good one".to_owned(),
        ends: RunEnds::Policy,
        rows: vec![row],
    };
    let kept = shop.app.db.write("test.draft", move |tx| {
        let plan = plan.clone();
        async move { propose::draft(tx, now, maker, plan).await }.boxed()
    });
    kept.await.unwrap()
}

async fn waiting(shop: &Shop, maker: PersonId, receiver: PersonId) -> RunId {
    let now = shop.now();
    let proposal = Proposal {
        key: FormKey::mint(),
        person_id: receiver,
        amount: Points(7),
        reason: "idea",
        note: "A good one".to_owned(),
        ends: RunEnds::Never,
    };
    let proposed = shop.app.db.write("test.propose", move |tx| {
        let proposal = proposal.clone();
        async move { propose::propose(tx, now, Actor::Person(maker), proposal).await }.boxed()
    });
    proposed.await.unwrap()
}
