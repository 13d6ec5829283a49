//! The stand-ins.

pub mod identity_provider;
pub mod object_store;

/// What `cargo run` is told.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Options {}

/// Runs the whole shop on this machine.
pub async fn run(_: Options) -> anyhow::Result<()> {
    Ok(())
}
