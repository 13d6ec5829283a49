//! A share of the work and the room before it, and how much of both one visitor may take: whoever asks for everything at once
//! leaves some for others.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// How many of the waiting places one visitor may take, and how many of the requests worked on are one session's at most, in
/// percent.
const PLACES_OF_ONE_PERCENT: u32 = 75;
const WORKING_OF_ONE_PERCENT: u32 = 50;
/// How long one waits at most. Only a shop that stands still makes anybody wait so long.
const PATIENCE: Duration = Duration::from_millis(1_500);

pub(super) struct Lane {
    pub(super) name: &'static str,
    working: Semaphore,
    waiting: AtomicUsize,
    places: usize,
    /// Everybody who has a request in here.
    visitors: Mutex<HashMap<u64, Known>>,
    places_of_one: usize,
    working_of_one: usize,
    working_of_all: usize,
}

/// Who asks, as far as that is known before anything is looked up. A whole office may share an address.
#[derive(Clone, Copy, Debug)]
pub(super) enum Visitor {
    Session(u64),
    Address(u64),
}

impl Visitor {
    fn key(self) -> u64 {
        match self {
            Self::Session(key) | Self::Address(key) => key,
        }
    }
}

struct Known {
    requests: usize,
    waiting: usize,
    working: Arc<Semaphore>,
}

/// Somebody's request, as long as it is worked on.
#[derive(Debug)]
pub(super) struct Turn<'l> {
    _working: SemaphorePermit<'l>,
    _own: OwnedSemaphorePermit,
    _presence: Presence<'l>,
}

/// Somebody's request, waiting or worked on.
#[derive(Debug)]
struct Presence<'l> {
    lane: &'l Lane,
    visitor: u64,
}

/// A place in the waiting room, given back when it is left, however that is.
struct Place<'l> {
    lane: &'l Lane,
    visitor: u64,
}

/// Why somebody is not let in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// There is no place, or nobody left for too long.
    Room,
    /// The visitor has taken all that one may.
    Share,
}

impl std::fmt::Debug for Lane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX >> 3)
}

fn share(all: u32, percent: u32) -> usize {
    size(all.saturating_mul(percent).div_ceil(100))
}

impl Lane {
    pub(super) fn new(name: &'static str, working: u32, places: u32) -> Self {
        Self {
            name,
            working: Semaphore::new(size(working)),
            waiting: AtomicUsize::new(0),
            places: size(places),
            visitors: Mutex::default(),
            places_of_one: share(places, PLACES_OF_ONE_PERCENT),
            working_of_one: share(working, WORKING_OF_ONE_PERCENT),
            working_of_all: size(working),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Acquire) >= self.places
    }

    /// In at once, after a moment in the waiting room, or not at all; whether there is a place is known at once.
    pub(super) async fn enter(&self, visitor: Visitor) -> Result<Turn<'_>, Full> {
        let (presence, own) = self.receive(visitor);
        let visitor = visitor.key();
        if let Ok(own) = Arc::clone(&own).try_acquire_owned()
            && let Ok(working) = self.working.try_acquire()
        {
            return Ok(Turn { _working: working, _own: own, _presence: presence });
        }
        let _place = Place::take(self, visitor)?;
        // Who waits for their own share keeps nobody from theirs. Whoever waits in vain does so because the shop is slow.
        let both = async { Some((own.acquire_owned().await.ok()?, self.working.acquire().await.ok()?)) };
        let (own, working) = tokio::time::timeout(PATIENCE, both).await.ok().flatten().ok_or(Full::Room)?;
        Ok(Turn { _working: working, _own: own, _presence: presence })
    }

    fn receive(&self, visitor: Visitor) -> (Presence<'_>, Arc<Semaphore>) {
        let working = match visitor {
            Visitor::Session(_) => self.working_of_one,
            Visitor::Address(_) => self.working_of_all,
        };
        let mut visitors = self.visitors();
        let known = visitors.entry(visitor.key()).or_insert_with(|| Known {
            requests: 0,
            waiting: 0,
            working: Arc::new(Semaphore::new(working)),
        });
        known.requests += 1;
        (Presence { lane: self, visitor: visitor.key() }, Arc::clone(&known.working))
    }

    fn visitors(&self) -> MutexGuard<'_, HashMap<u64, Known>> {
        self.visitors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn free(&self) -> usize {
        self.working.available_permits()
    }
}

impl<'l> Place<'l> {
    fn take(lane: &'l Lane, visitor: u64) -> Result<Self, Full> {
        {
            let mut visitors = lane.visitors();
            let known = visitors.get_mut(&visitor).ok_or(Full::Share)?;
            if known.waiting >= lane.places_of_one {
                return Err(Full::Share);
            }
            known.waiting += 1;
        }
        // From here on, dropping it gives back what was taken.
        let place = Self { lane, visitor };
        if lane.waiting.fetch_add(1, Ordering::AcqRel) < lane.places { Ok(place) } else { Err(Full::Room) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.lane.waiting.fetch_sub(1, Ordering::AcqRel);
        if let Some(known) = self.lane.visitors().get_mut(&self.visitor) {
            known.waiting -= 1;
        }
    }
}

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        let mut visitors = self.lane.visitors();
        let Some(known) = visitors.get_mut(&self.visitor) else { return };
        known.requests -= 1;
        if known.requests == 0 {
            visitors.remove(&self.visitor);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn is_empty(lane: &Lane) {
        assert_eq!(lane.waiting.load(Ordering::Acquire), 0);
        assert!(lane.visitors().is_empty());
    }

    /// In or not, without waiting.
    fn at_once(lane: &Lane, visitor: u64) -> Result<Turn<'_>, Full> {
        lane.enter(Visitor::Session(visitor)).now_or_never().expect("decided at once")
    }

    #[tokio::test]
    async fn a_full_room_says_no_at_once_and_a_place_comes_back_when_somebody_goes() {
        let lane = Lane::new("test", 1, 1);
        let inside = at_once(&lane, 1).unwrap();
        let mut waiting = Box::pin(lane.enter(Visitor::Session(1)));
        assert!(futures::poll!(&mut waiting).is_pending(), "there is one place to wait in");
        assert_eq!(at_once(&lane, 2).err(), Some(Full::Room));
        drop(inside);
        drop(waiting.await.unwrap());
        drop(at_once(&lane, 1).unwrap());
        is_empty(&lane);
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_the_place_to_others() {
        let lane = Lane::new("test", 1, 1);
        let inside = at_once(&lane, 1).unwrap();
        let mut waiting = Box::pin(lane.enter(Visitor::Session(1)));
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(waiting);
        assert_eq!(lane.waiting.load(Ordering::Acquire), 0);
        drop(inside);
        is_empty(&lane);
    }

    #[tokio::test]
    async fn one_visitor_leaves_a_quarter_of_the_room_to_others() {
        let lane = Lane::new("test", 1, 8);
        let inside = at_once(&lane, 1).unwrap();
        let mut waiting: Vec<_> = (0..6).map(|_| Box::pin(lane.enter(Visitor::Session(1)))).collect();
        for asked in &mut waiting {
            assert!(futures::poll!(asked).is_pending());
        }
        assert_eq!(at_once(&lane, 1).err(), Some(Full::Share));
        for visitor in [2, 3] {
            waiting.push(Box::pin(lane.enter(Visitor::Session(visitor))));
            assert!(futures::poll!(waiting.last_mut().unwrap()).is_pending());
        }
        assert_eq!(at_once(&lane, 4).err(), Some(Full::Room));
        drop((inside, waiting));
        is_empty(&lane);
    }

    #[tokio::test]
    async fn half_of_the_work_is_one_visitors_at_most_and_others_need_not_wait() {
        let lane = Lane::new("test", 4, 8);
        let mut inside = vec![at_once(&lane, 1).unwrap(), at_once(&lane, 1).unwrap()];
        let mut third = Box::pin(lane.enter(Visitor::Session(1)));
        assert!(futures::poll!(&mut third).is_pending());
        inside.extend([at_once(&lane, 2).unwrap(), at_once(&lane, 3).unwrap()]);
        inside.remove(0);
        inside.push(third.await.unwrap());
        drop(inside);
        // Those who are nobody yet, behind one address.
        let office: Vec<_> =
            (0..4).map(|_| lane.enter(Visitor::Address(9)).now_or_never().unwrap().unwrap()).collect();
        drop(office);
        is_empty(&lane);
    }
}
