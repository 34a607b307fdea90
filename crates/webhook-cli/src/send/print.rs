//! `--print`: the request as text.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use clap::ValueEnum;
use webhook_core::samples::SignedRequest;

use super::target::Target;
use crate::UNUSABLE;
use crate::output::{Stdout, complain};

/// The form in which a request is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// As sent, byte for byte
    Http,
    /// As a command for a POSIX shell
    Curl,
}

impl Form {
    pub(super) fn print(
        self,
        target: &Target,
        request: &SignedRequest,
        out: &mut Stdout,
    ) -> io::Result<ExitCode> {
        let body = request.body();
        let text = match self {
            Self::Http => http(target, request),
            // Other users of the machine can see a credential on the command line.
            Self::Curl if body.contains(&0) => {
                complain("a body with a zero byte cannot be written as a command; print it as http");
                return Ok(ExitCode::from(UNUSABLE));
            }
            Self::Curl => curl(target, request).into_bytes(),
        };
        out.write_lines(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn http(target: &Target, request: &SignedRequest) -> Vec<u8> {
    let body = request.body();
    let mut head = format!("POST {} HTTP/1.1\r\nhost: {}\r\n", target.path(), target.host());
    for (name, value) in request.headers() {
        // Writing to a string cannot fail.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), &body].concat()
}

fn curl(target: &Target, request: &SignedRequest) -> String {
    let mut command = "curl --globoff --request POST".to_owned();
    for (name, value) in request.headers() {
        command += " \\\n  --header ";
        command += &quoted(&format!("{name}: {value}"));
    }
    // Unlike --data-binary, it does not interpret a body that begins with @.
    let body = request.body();
    command += " \\\n  --data-raw ";
    command += &quoted(&String::from_utf8_lossy(&body));
    command += " \\\n  ";
    command += &quoted(target.url());
    command.push('\n');
    command
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
