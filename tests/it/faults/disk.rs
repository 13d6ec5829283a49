//! A disk without room: the server's own, small enough to be filled. It takes minutes and may mount file systems: it runs
//! where `FAULTS_DISK` is set. On MySQL 9.7 it fails as yet: with twelve buyers nobody can order soon enough after there is
//! room again.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::say;
use super::server::{Server, variable};
use super::stage::Stage;
use crate::support::database::asks_for_mysql;

/// Room enough for a server and for little besides.
const SIZE: &str = "size=900m";
/// How long the disk stays full.
const FULL_FOR: Duration = Duration::from_secs(10);
/// MySQL looks once a minute whether there is room again.
const WELL_AGAIN: Duration = Duration::from_secs(90);

/// A file system in memory that goes away with it.
struct Disk(PathBuf);

impl Disk {
    /// None where nobody may mount one.
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(at.to_owned()))
    }

    /// Writes until nothing more goes in.
    fn fill(&self) {
        for piece in [1024 * 1024, 512] {
            let mut file = fs::OpenOptions::new().create(true).append(true).open(self.filler()).unwrap();
            while file.write_all(&vec![1; piece]).is_ok() {}
        }
    }

    fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _busy_after_a_failure = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// C10: nothing can be written. People look around, whoever orders is told to come again, and once there is room all is as
/// before, without a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_people_look_around_and_order_later() {
    if !asks_for_mysql() || variable("FAULTS_DISK").is_none() {
        return;
    }
    let Some(disk) = Disk::mount(&Server::small_dir()) else {
        say("skipped: nobody may mount a file system here");
        return;
    };
    let server = Server::up_in(disk.0.clone());
    let stage = Stage::on(&server).await;
    stage.is_whole().await;
    let pid = server.pid();

    disk.fill();
    let load = stage.load();
    let began = Instant::now();
    while began.elapsed() < FULL_FOR {
        assert_eq!(stage.program.health().await, Some(200), "the shop itself is well");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let told = |status: u16| stage.log.lock().unwrap().statuses.get(&status).copied().unwrap_or_default();
    assert!(told(503) > 0, "somebody was told");
    disk.free();
    let (freed, placed) = (Instant::now(), told(303));
    while told(303) == placed {
        assert!(freed.elapsed() < WELL_AGAIN, "nobody can order\n{}", stage.program.said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    load.end().await;
    stage.is_whole().await;
    assert_eq!(server.pid(), pid, "the server is still the same");
    assert!(stage.is_at_rest().await, "somebody is still inside a transaction");
    stage.close().await;
    drop(server);
    drop(disk);
}
