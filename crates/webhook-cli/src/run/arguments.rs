//! The command line of `run`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::section::{Entry, Value};
use crate::inbox::Place;
use crate::listen::duration;

const EXAMPLES: &str = r#"A configuration has a table for each sink:
  [sink.crm]
  type = "http"
  url = "https://crm.example.com/webhooks"
  secret_env = "CRM_SECRET"
  events = ["run.*"]

  [sink.tickets]
  type = "exec"
  command = ["./ticket.sh", "--queue", "qa"]
  environment = ["JIRA_TOKEN"]

Keys of every sink:
  type; events; concurrency (1); max_attempts (10); retry_first (1s);
  retry_max (1h); from (oldest or now)
Keys of a type:
  http   url, url_env or url_file; secret_env or secret_file, or
         unsigned = true; headers_env; format ("exact" or "cloudevents");
         mode ("structured" or "binary"); timeout (30s);
         connect_timeout (10s); allow_private
  exec   command; directory; environment; timeout (60s)
  slack  url_env or url_file; timeout; connect_timeout; allow_private
  nats   url; stream, which is created if needed; credentials_file,
         token_env or token_file, or user with password_env or
         password_file; ca_file, trusted in addition to the system's
         authorities
  file   path; rotate ("daily") or max_bytes

Examples:
  webhooks run --inbox sqlite:inbox.db --config webhooks.toml --check
  webhooks run --inbox sqlite:inbox.db --config webhooks.toml
  webhooks run --inbox sqlite:inbox.db --events 'run.*' --exec ./ticket.sh -- --queue qa
  webhooks run --inbox sqlite:inbox.db --http http://localhost:3000/hook --allow-private --secret-env HOOK_SECRET"#;

/// Pass the deliveries of an inbox to sinks: HTTP, commands, Slack, NATS, files
///
/// Each sink has its own progress. It gets every delivery that its events select, at least once and with the exact
/// bytes. Failed deliveries are retried with growing delays, and are dead after the last attempt: `webhooks inbox list
/// --state dead` shows them and `webhooks inbox replay` sends them again.
///
/// After the first signal to stop, running attempts may finish; another signal, half a second later or more, ends the
/// process.
///
/// Exit status: 0 after a signal to stop, 2 for a configuration or an inbox that cannot be used.
#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
#[command(group = clap::ArgGroup::new("sinks").required(true).args(["config", "http", "exec", "slack_env", "slack_file", "nats", "file"]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) place: Place,
    /// Read the sinks from this file, in TOML
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Check the configuration, print its sinks, and stop; nothing is opened or sent
    #[arg(long)]
    pub(super) check: bool,
    /// Allow URLs of HTTP and Slack in a variable, in a file or on the command line that lead to this machine or to private networks
    #[arg(long)]
    pub(super) allow_private: bool,
    /// Resume this sink, which an answer of 410 has paused
    #[arg(long, value_name = "SINK")]
    pub(super) resume: Vec<String>,
    /// How long running attempts may continue after the signal to stop
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(super) shutdown_grace: Duration,
    #[command(flatten)]
    pub(super) admin: crate::admin::Arguments,
    #[command(flatten)]
    pub(super) single: Single,
}

/// A single sink, without a configuration.
#[derive(Args)]
#[command(next_help_heading = "A single sink")]
pub(super) struct Single {
    /// Send deliveries to this URL
    #[arg(long, value_name = "URL")]
    http: Option<String>,
    /// Run this command for each delivery, with the arguments after --
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    /// Post a line per event to Slack or Mattermost; this variable contains the URL of the incoming webhook
    #[arg(long, value_name = "VARIABLE")]
    slack_env: Option<String>,
    /// The same; this file contains the URL
    #[arg(long, value_name = "FILE")]
    slack_file: Option<String>,
    /// Publish to JetStream at this server
    #[arg(long, value_name = "URL")]
    nats: Option<String>,
    /// Append lines of JSON to this file
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
    /// The name of the sink, which identifies its progress in the inbox; by default, its type
    #[arg(long, value_name = "SINK", conflicts_with = "config")]
    name: Option<String>,
    /// Only these events; `*` matches any text
    #[arg(long, value_name = "EVENT", value_delimiter = ',', conflicts_with = "config")]
    events: Vec<String>,
    /// How many deliveries at the same time
    #[arg(long, value_name = "NUMBER", conflicts_with = "config")]
    concurrency: Option<i64>,
    /// How often a delivery is tried
    #[arg(long, value_name = "NUMBER", conflicts_with = "config")]
    max_attempts: Option<i64>,
    /// How long an attempt may take
    #[arg(long, value_name = "TIME", conflicts_with = "config")]
    timeout: Option<String>,
    /// The variable with the secret to sign with, for --http
    #[arg(long, value_name = "VARIABLE", requires = "http")]
    secret_env: Option<String>,
    /// The file with the secret to sign with, for --http
    #[arg(long, value_name = "FILE", requires = "http")]
    secret_file: Option<String>,
    /// Do not sign, for --http
    #[arg(long, requires = "http")]
    unsigned: bool,
    /// Send events of CloudEvents, for --http
    #[arg(long, value_name = "MODE", requires = "http", value_parser = ["structured", "binary"])]
    cloudevents: Option<String>,
    /// Create this stream if needed, for --nats
    #[arg(long, value_name = "NAME", requires = "nats")]
    stream: Option<String>,
    /// Arguments of the command, for --exec
    #[arg(last = true, value_name = "ARGUMENT", requires = "exec")]
    arguments: Vec<String>,
}

impl Single {
    /// The name of the sink and its keys, as in a configuration.
    pub(super) fn entries(&self) -> (String, Vec<Entry>) {
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        let command = self.exec.iter().chain(&self.arguments).cloned().collect();
        let values = [
            ("url", "--http", text(&self.http)),
            ("url", "--nats", text(&self.nats)),
            ("url_env", "--slack-env", text(&self.slack_env)),
            ("url_file", "--slack-file", text(&self.slack_file)),
            ("path", "--file", text(&self.file)),
            ("command", "--exec", self.exec.as_ref().map(|_| Value::Texts(command))),
            (
                "events",
                "--events",
                Some(Value::Texts(self.events.clone())).filter(|_| !self.events.is_empty()),
            ),
            ("concurrency", "--concurrency", self.concurrency.map(Value::Number)),
            ("max_attempts", "--max-attempts", self.max_attempts.map(Value::Number)),
            ("timeout", "--timeout", text(&self.timeout)),
            ("secret_env", "--secret-env", text(&self.secret_env)),
            ("secret_file", "--secret-file", text(&self.secret_file)),
            ("unsigned", "--unsigned", self.unsigned.then_some(Value::Flag(true))),
            (
                "format",
                "--cloudevents",
                self.cloudevents.as_ref().map(|_| Value::Text("cloudevents".to_owned())),
            ),
            ("mode", "--cloudevents", text(&self.cloudevents)),
            ("stream", "--stream", text(&self.stream)),
        ];
        let kind = match self {
            Self { http: Some(_), .. } => "http",
            Self { exec: Some(_), .. } => "exec",
            Self { nats: Some(_), .. } => "nats",
            Self { file: Some(_), .. } => "file",
            _ => "slack",
        };
        let mut entries = vec![Entry::flag("type", "the command line", Value::Text(kind.to_owned()))];
        entries
            .extend(values.into_iter().filter_map(|(key, flag, value)| Some(Entry::flag(key, flag, value?))));
        (self.name.clone().unwrap_or_else(|| kind.to_owned()), entries)
    }
}
