//! A database server of our own, as durable as in production, that may be killed, frozen and started again.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How a private server is brought up; the other scripts that understand `up DIR PORT` and `down DIR` do, too.
const SCRIPT: &str = "bin/mysql";
/// How long a process that was killed may take to be gone.
const GONE: Duration = Duration::from_secs(10);
/// What a server on a small disk is told: MySQL that is still resizing its redo log gives up where there is no room.
const SETTLED_REDO_LOG: &str = "--innodb-redo-log-capacity=32M";

pub struct Server {
    script: String,
    dir: PathBuf,
    port: u16,
    profile: &'static str,
    options: &'static str,
}

/// Whether commits survive the server.
#[derive(Clone, Copy)]
pub enum Durability {
    AsInProduction,
    /// Given up for speed: what the oracle must notice.
    None,
}

impl Server {
    /// Brings it up, empty but for what earlier tests left.
    pub fn up(durability: Durability) -> Self {
        let script = variable("TEST_MYSQL_UP").unwrap_or_else(|| SCRIPT.to_owned());
        let kind = if script == SCRIPT { "own" } else { "other" };
        let (profile, name) = match durability {
            Durability::AsInProduction => ("durable", format!("faults-{kind}")),
            Durability::None => ("fast", format!("faults-{kind}-fast")),
        };
        Self::new(script, Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), profile, "")
    }

    /// A folder for [`Self::up_in`].
    pub fn small_dir() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults-small")
    }

    /// Brings one up that has all it writes in `dir`, as durable as in production.
    pub fn up_in(dir: PathBuf) -> Self {
        let script = variable("TEST_MYSQL_UP").unwrap_or_else(|| SCRIPT.to_owned());
        // What was unpacked for the others need not be fetched again.
        let unpacked = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults-other");
        if script != SCRIPT && unpacked.join(".unpacked").exists() {
            let mut copy = Command::new("cp");
            copy.arg("-a").args(["root", ".unpacked"].map(|name| unpacked.join(name))).arg(&dir);
            assert!(copy.status().unwrap().success());
        }
        Self::new(script, dir, "durable", SETTLED_REDO_LOG)
    }

    fn new(script: String, dir: PathBuf, profile: &'static str, options: &'static str) -> Self {
        let server = Self { script, dir, port: free_port(), profile, options };
        // One that a test left behind would come back on another port than it has.
        server.shut_down();
        server.start();
        server
    }

    /// Starts it (again), on the same data; waits until it answers.
    pub fn start(&self) {
        let printed = self.run("up");
        assert!(printed.trim().starts_with("mysql://"), "{printed}");
    }

    /// Where it is reached; its user may create databases.
    pub fn url(&self) -> String {
        self.run("up").trim().to_owned()
    }

    /// Where it is reached by its administrator, who may make users: by its socket, which asks for no password.
    pub fn admin_url(&self) -> String {
        let sockets = ["data-mariadbd/mysql.sock", "data-mysqld/mysql.sock", "run/mysqld.sock"];
        let socket = sockets.map(|name| self.dir.join(name)).into_iter().find(|socket| socket.exists());
        let socket = socket.expect("the server's socket");
        format!("mysql://root@localhost/mysql?ssl-mode=DISABLED&socket={}", socket.display())
    }

    /// As when the machine loses power, but for what its disk had not written.
    pub fn kill(&self) {
        let pid = self.pid();
        signal(pid, "KILL");
        wait_until_gone(pid);
        // MySQL takes its own unburied process for one that still uses the socket.
        let _there_is_none = std::fs::remove_file(self.dir.join("run/mysqld.sock.lock"));
    }

    /// As for maintenance.
    pub fn shut_down(&self) {
        self.run("down");
    }

    /// It holds its connections and says nothing.
    pub fn freeze(&self) {
        signal(self.pid(), "STOP");
    }

    pub fn thaw(&self) {
        signal(self.pid(), "CONT");
    }

    pub fn pid(&self) -> u32 {
        let run = self.dir.join("run");
        let read = |name| std::fs::read_to_string(run.join(name)).ok();
        let pid = read("server.pid").or_else(|| read("mysqld.pid")).expect("the server's pid file");
        pid.trim().parse().unwrap()
    }

    fn run(&self, verb: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(root.join(&self.script));
        command.current_dir(root).arg(verb).arg(&self.dir).env("MYSQL_PROFILE", self.profile);
        command.env("MYSQL_WITHOUT_DOCKER", "1");
        if self.script != SCRIPT && verb == "up" {
            command.arg(self.port.to_string()).env("MYSQL_EXTRA", self.options);
        }
        let output = command.env_remove("TEST_MYSQL_URL").stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} {verb}: {said}", self.script);
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.shut_down();
        }
    }
}

/// Below the ports that the kernel hands out, or somebody else has it when its owner comes (back).
pub fn free_port() -> u16 {
    let ports = std::iter::repeat_with(|| rand::random_range(20_000..30_000));
    ports.take(100).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}

/// Sends a process of ours a signal.
pub fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status().unwrap();
    assert!(sent.success(), "kill -{name} {pid}");
}

fn wait_until_gone(pid: u32) {
    let process = PathBuf::from(format!("/proc/{pid}"));
    let began = std::time::Instant::now();
    while process.exists() && !is_zombie(&process) {
        assert!(began.elapsed() < GONE, "{pid} is still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Dead and not yet buried. As long as one of its threads is dying its ports are still taken.
fn is_zombie(process: &Path) -> bool {
    let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
    let threads = std::fs::read_dir(process.join("task")).map_or(0, Iterator::count);
    threads <= 1 && stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z'))
}

#[expect(clippy::disallowed_methods, reason = "how to bring a server up is told from outside")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
