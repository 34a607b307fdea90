//! Sending a request and reading the answer.

use std::fmt::Write as _;
use std::time::Duration;

use ureq::{Agent, Error};
use webhook_core::samples::SignedRequest;

use super::target::Target;
use crate::output::{ERROR, FAINT, NAME, plain, styled};

/// The time limit for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// The maximum number of bytes of an answer that are read.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

pub(super) struct Sender<'a> {
    agent: Agent,
    target: &'a Target,
    request: &'a SignedRequest,
}

/// An answer of the receiver.
pub(super) struct Answer {
    pub(super) status: u16,
    reason: &'static str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl<'a> Sender<'a> {
    pub(super) fn new(target: &'a Target, request: &'a SignedRequest) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(ANSWER_TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        Self { agent: config.into(), target, request }
    }

    /// Sends the request once; the error names the host.
    pub(super) fn send(&self) -> Result<Answer, String> {
        let mut post = self.agent.post(self.target.url());
        for (name, value) in self.request.headers() {
            post = post.header(*name, value);
        }
        let mut answer = post
            .send(&self.request.body()[..])
            .map_err(|error| format!("failed to send to {}: {}", self.target.host(), reason(&error)))?;
        let status = answer.status();
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let headers = headers.collect();
        // The status is used, even if the rest of the answer is missing or too long.
        let body = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec().unwrap_or_default();
        Ok(Answer {
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default(),
            headers,
            body,
        })
    }
}

/// The reason for a missing answer, without the URL, which may contain a token.
fn reason(error: &Error) -> String {
    match error {
        Error::Io(error) => error.to_string(),
        Error::Timeout(_) => format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()),
        Error::HostNotFound => "the host was not found".to_owned(),
        Error::BadUri(_) => "the URL cannot be used".to_owned(),
        other => other.to_string(),
    }
}

/// An answer, or the reason why there is none, as text for people.
pub(super) fn described(outcome: &Result<Answer, String>, latency: Duration) -> String {
    let took = styled(FAINT, format_args!("({:.1} ms)", latency.as_secs_f64() * 1e3));
    let answer = match outcome {
        Err(reason) => return format!("{} {} {took}\n", styled(ERROR, "error:"), plain(reason)),
        Ok(answer) => answer,
    };
    let Answer { status, reason, headers, body } = answer;
    let style = if (200..300).contains(status) { NAME } else { ERROR };
    let mut text = format!("{} {took}\n", styled(style, format!("{status} {reason}").trim_end()));
    for (name, value) in headers {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name}: {}", plain(value));
    }
    for line in String::from_utf8_lossy(body).lines() {
        let _ = writeln!(text, "  {} {}", styled(FAINT, "|"), plain(line));
    }
    text
}
