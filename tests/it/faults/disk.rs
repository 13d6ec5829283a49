//! A disk without room: the server's own, small enough to be filled. Where nobody may mount one it is skipped.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::say;
use super::server::Server;
use super::stage::Stage;
use crate::support::Folder;
use crate::support::database::asks_for_mysql;

/// Room enough for a server and for little besides.
const FOR_A_SERVER: &str = "size=900m";
/// Room enough for the file and its log.
const FOR_A_FILE: &str = "size=24m";
/// How long the disk stays full. SQLite says no at once, and whoever asks on and on has asked too often soon.
const SERVER_FULL_FOR: Duration = Duration::from_secs(10);
const FILE_FULL_FOR: Duration = Duration::from_secs(2);
/// MySQL looks once a minute whether there is room again.
const SERVER_LOOKS_AGAIN: Duration = Duration::from_secs(90);
/// SQLite tries each time.
const FILE_IS_TRIED: Duration = Duration::from_secs(20);

/// A file system in memory that goes away with it.
struct Disk(PathBuf);

impl Disk {
    /// None where nobody may mount one.
    fn mount(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", size, "tmpfs"]).arg(at).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(at.to_owned()));
        }
        say("skipped: nobody may mount a file system here");
        None
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
async fn nothing_can_be_written(stage: &Stage, disk: &Disk, full_for: Duration, well_again: Duration) {
    stage.is_whole().await;
    disk.fill();
    let load = stage.load();
    let began = Instant::now();
    while began.elapsed() < full_for {
        assert_eq!(stage.program.health().await, Some(200), "the shop itself is well");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let told = |status: u16| stage.log.lock().unwrap().statuses.get(&status).copied().unwrap_or_default();
    assert!(told(503) > 0, "somebody was told");
    disk.free();
    let (freed, placed) = (Instant::now(), told(303));
    while told(303) == placed {
        let statuses = stage.log.lock().unwrap().statuses.clone();
        assert!(freed.elapsed() < well_again, "nobody can order: {statuses:?}\n{}", stage.program.said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    load.end().await;
    stage.is_whole().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_people_look_around_and_order_later() {
    if !asks_for_mysql() {
        return;
    }
    let Some(disk) = Disk::mount(&Server::small_dir(), FOR_A_SERVER) else { return };
    let server = Server::up_in(disk.0.clone());
    let stage = Stage::on(&server).await;
    let pid = server.pid();

    nothing_can_be_written(&stage, &disk, SERVER_FULL_FOR, SERVER_LOOKS_AGAIN).await;
    assert_eq!(server.pid(), pid, "the server is still the same");
    assert!(stage.is_at_rest().await, "somebody is still inside a transaction");
    stage.close().await;
    drop(server);
    drop(disk);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_with_a_file_people_look_around_and_order_later() {
    if asks_for_mysql() {
        return;
    }
    let folder = Folder::new();
    let Some(disk) = Disk::mount(&folder.0, FOR_A_FILE) else { return };
    let below = disk.0.join("shop");
    fs::create_dir(&below).unwrap();
    let stage = Stage::on_a_file_of(Folder(below)).await;

    nothing_can_be_written(&stage, &disk, FILE_FULL_FOR, FILE_IS_TRIED).await;
    stage.close().await;
    drop(disk);
}
