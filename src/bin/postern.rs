//! The terminal program: what was asked for on the command line, and how it ended.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use postern::run::Places;

/// Takes wallet payments on a shop's counter, and is right about the money.
#[derive(Parser)]
#[command(name = "postern", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the terminal.
    Run(postern::run::Args),
    /// Try every device and the acquirer, and say what works and what to do.
    Doctor(Places),
    /// Look at the journal, or repair what can be derived from it.
    Journal(postern::journal::Args),
    /// Compare the journal with the acquirer, and with its statement.
    Reconcile(postern::reconcile::Args),
    /// Make the line for a manager's PIN in the shop file.
    Pin,
    /// Try the whole counter on a desk, in a browser.
    #[cfg(feature = "sim")]
    Bench(postern::bench::Args),
    /// Cut the power of a real terminal again and again, and compare it with the acquirer.
    #[cfg(feature = "sim")]
    Crash(postern::bench::crash::Args),
    /// Live through simulated lives of a counter, and check what must always hold.
    #[cfg(feature = "sim")]
    Simulate(postern_sim::Args),
}

fn main() -> ExitCode {
    postern::log::start();
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("postern: {fault}");
            let mut source = fault.source();
            while let Some(cause) = source {
                eprintln!("  because: {cause}");
                source = cause.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match command {
        Command::Run(args) => postern::run::run(&args)?,
        Command::Doctor(places) => return Ok(postern::doctor::run(&places)?),
        Command::Journal(args) => {
            let outcome = postern::journal::run(&args, &mut std::io::stdout().lock())?;
            return Ok(if outcome == postern::journal::Outcome::Good {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Command::Reconcile(args) => {
            return Ok(postern::reconcile::run(&args, &mut std::io::stdout().lock())?);
        }
        Command::Pin => postern::pin::ask_and_print()?,
        #[cfg(feature = "sim")]
        Command::Bench(args) => postern::bench::run(args)?,
        #[cfg(feature = "sim")]
        Command::Crash(args) => return Ok(postern::bench::crash::run(args)?),
        #[cfg(feature = "sim")]
        Command::Simulate(args) => return Ok(postern_sim::run_cli(&args)),
    }
    Ok(ExitCode::SUCCESS)
}
