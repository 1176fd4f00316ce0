//! `postern simulate` without the rest of Postern: what `make simulate` builds, in seconds.

use std::process::ExitCode;

use clap::Parser;
use postern_sim::{Args, run_cli};

#[derive(Parser)]
#[command(
    name = "postern-sim",
    about = "Live through simulated lives of a counter, and check what must always hold"
)]
struct Command {
    #[command(flatten)]
    args: Args,
}

fn main() -> ExitCode {
    run_cli(&Command::parse().args)
}
