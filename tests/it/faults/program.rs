//! The shop as the program that is deployed: a process of its own, started with an environment, ended by signals.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::server::signal;

/// How soon it must answer after it was started: a second, and more where a machine does other things besides.
const READY: Duration = Duration::from_secs(20);
/// How long its health may take, whatever else it does.
const HEALTH_LIMIT: Duration = Duration::from_secs(10);

pub struct Program {
    address: SocketAddr,
    variables: BTreeMap<&'static str, String>,
    log: PathBuf,
    child: Option<Child>,
}

impl Program {
    pub fn new(address: SocketAddr, variables: BTreeMap<&'static str, String>, log: PathBuf) -> Self {
        Self { address, variables, log, child: None }
    }

    /// From its next start on it finds this in its environment.
    pub fn set(&mut self, name: &'static str, value: String) {
        self.variables.insert(name, value);
    }

    /// Starts it and waits until it answers.
    pub async fn start(&mut self) {
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let mut command = self.command("serve");
        let command = command.stdout(log.try_clone().unwrap()).stderr(log);
        self.child = Some(command.spawn().unwrap());
        let began = Instant::now();
        while self.health().await.is_none() {
            assert!(began.elapsed() < READY, "the program does not answer:\n{}", self.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// One of its commands, in the same environment.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
        command.arg(name).env_clear().envs(&self.variables).stdin(Stdio::null());
        command.env("AWS_ACCESS_KEY_ID", "tests").env("AWS_SECRET_ACCESS_KEY", "only-for-tests");
        command
    }

    /// The status of `/health`, if it answers.
    pub async fn health(&self) -> Option<u16> {
        let client = reqwest::Client::builder().no_proxy().timeout(HEALTH_LIMIT).build().unwrap();
        let answer = client.get(format!("http://{}/health", self.address)).send().await;
        answer.ok().map(|answer| answer.status().as_u16())
    }

    /// As when the machine it runs on is gone.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        signal(child.id(), "KILL");
        child.wait().unwrap();
    }

    /// What it wrote down.
    pub fn said(&self) -> String {
        let said = std::fs::read_to_string(&self.log).unwrap_or_default();
        let from = said.len().saturating_sub(4_000);
        said.get(from..).unwrap_or(&said).to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _gone_already = child.kill();
            let _reaped = child.wait();
        }
    }
}
