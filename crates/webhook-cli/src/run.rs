//! `webhooks run`: passes the deliveries of an inbox to sinks.

mod arguments;
mod configuration;
mod section;
mod serve;
mod sink;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use tokio::runtime::Runtime;

pub(crate) use self::arguments::Arguments;
use crate::UNUSABLE;
use crate::listen::log;
use crate::output::{Stdout, complain, plain};

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let sinks = match configuration::read(arguments) {
        Ok(sinks) => sinks,
        Err(problems) => {
            for problem in problems {
                complain(&plain(&problem));
            }
            return Ok(ExitCode::from(UNUSABLE));
        }
    };
    if arguments.check {
        let mut out = Stdout::new();
        for sink in sinks {
            out.print(&format!("{}\n", plain(&sink.describe())))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    log::start(io::stderr().is_terminal());
    let runtime = Runtime::new()?;
    let ended = runtime.block_on(serve::serve(arguments, sinks));
    // Running tasks have already had their time to finish.
    runtime.shutdown_background();
    let code = match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            complain(&plain(&message));
            ExitCode::from(UNUSABLE)
        }
    };
    #[cfg(feature = "otlp")]
    crate::otlp::stop();
    log::flush();
    Ok(code)
}
