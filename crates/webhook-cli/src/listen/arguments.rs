//! The command line of `listen`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use webhook_core::Algorithm;

use super::address::Address;
use crate::admin;
use crate::secrets::SecretFile;
use crate::vendor::Vendor;

/// Receive webhooks of all vendors and print them
///
/// A delivery is verified, stored and acknowledged, in this order. The vendor is answered 2xx when the line is written
/// to standard output, or when the delivery is stored by --inbox or --save, or accepted by --forward-to. A request that
/// is not genuine is answered with only a status, and logged to standard error with the cause.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Where to listen, as HOST:PORT
    ///
    /// `localhost:8080` is every loopback address, `:8080` every address of this machine.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    pub(super) addr: Address,
    /// Listen on this port of 127.0.0.1; 0 chooses a free one
    #[arg(long, value_name = "PORT", conflicts_with = "addr")]
    pub(super) port: Option<u16>,
    /// Print one JSON object per delivery, on one line
    ///
    /// It has the exact body (`body`, or `body_base64` if it is not UTF-8), the decoded `webhook`, the `drift`, the
    /// `key`, and the number of earlier deliveries with that key (`repeat`).
    #[arg(long)]
    pub(super) json: bool,
    /// Print only these events; `*` matches any text, as in `run.*`
    ///
    /// The others are acknowledged, and not counted.
    #[arg(long, value_name = "EVENT", value_delimiter = ',')]
    pub(super) events: Vec<String>,
    /// Stop after this many printed deliveries
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) count: Option<u64>,
    /// Stop after this time, such as 30s, 5m or 1h; with --count, the exit status is then 1
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) timeout: Option<Duration>,
    /// Store each delivery in this inbox before it is acknowledged: `sqlite:FILE` or `postgres://..`
    ///
    /// Success is answered when the delivery is on disk. It is printed after that, so a blocked or closed output delays
    /// nothing. If the inbox cannot store, the answer is 503. It cannot be used with --forward-to. If neither of them is
    /// given, the inbox is the one in the variable `WEBHOOKS_INBOX` or in the file that `WEBHOOKS_INBOX_FILE` names, if any.
    #[arg(long, value_name = "URL", conflicts_with = "forward_to")]
    pub(super) inbox: Option<String>,
    /// Limit the file of an SQLite inbox to this many bytes; above it, the answer is 503
    #[arg(long, value_name = "BYTES")]
    pub(super) inbox_max_bytes: Option<u64>,
    /// Write each delivery to a separate file in this folder, before it is acknowledged
    ///
    /// The file contains a request: `inspect`, `verify` and `send --file` can read it. Secrets and tokens are left out,
    /// so a request of Qase or MonitorQA does not verify again.
    #[arg(long, value_name = "DIR")]
    pub(super) save: Option<PathBuf>,
    /// Forward each delivery to this application, and answer the vendor with its status
    ///
    /// A URL without a path gets the path of each request. Headers are forwarded, including credentials, so the
    /// application can verify. Without an answer the status is 502, and 504 after 8 seconds. It is 503 if 64
    /// deliveries already wait for the application and none ends within 8 seconds.
    #[arg(long, value_name = "URL")]
    pub(super) forward_to: Option<String>,
    /// Append one line per new event, path and kind of drift to this file
    #[arg(long, value_name = "FILE")]
    pub(super) drift_log: Option<PathBuf>,
    /// Read the secret of a vendor from this file; repeat it for the previous secret of a rotation
    #[arg(long, value_name = "VENDOR=FILE")]
    pub(super) secret_file: Vec<SecretFile>,
    /// Accept only signatures of DeepSource with this algorithm; by default, both, distinguished by their length
    #[arg(long, value_enum, value_name = "ALGORITHM")]
    pub(super) deepsource_algorithm: Option<SignatureAlgorithm>,
    /// Serve this vendor without verification: anybody can send deliveries
    #[arg(long, value_enum, value_name = "VENDOR")]
    pub(super) insecure: Vec<Vendor>,
    /// Maximum number of connections; above it, the longest idle connection is closed
    ///
    /// There are fewer if the process may not open enough files: 40 are reserved, and more for --forward-to, --save
    /// and --admin.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_024, value_parser = at_least_one)]
    pub(super) max_connections: usize,
    /// Maximum number of connections of one address; by default, half of all, and all for this machine
    #[arg(long, value_name = "NUMBER", value_parser = at_least_one)]
    pub(super) max_connections_per_address: Option<usize>,
    #[command(flatten)]
    pub(super) admin: admin::Arguments,
}

/// The text of `--help` after the options.
const AFTER: &str = "\
Routes:
  POST /qase, POST /deepsource      deliveries
  POST /monitorqa/TOKEN             deliveries; /monitorqa?token=TOKEN is the same
  GET /livez                        200 while the process runs
  GET /readyz, GET /healthz         200 while deliveries are accepted, otherwise 503

Variables:
  QASE_WEBHOOK_SECRET, DEEPSOURCE_WEBHOOK_SECRET, MONITORQA_WEBHOOK_TOKEN
                                    the secret of each vendor, which is not trimmed; a vendor without one is not served
  .._FILE                           a file with the secret instead, as in QASE_WEBHOOK_SECRET_FILE
  .._PREVIOUS, .._PREVIOUS_FILE     the old secret of a rotation, also accepted
  WEBHOOKS_INBOX, WEBHOOKS_INBOX_FILE
                                    the inbox, or a file that contains its URL
  WEBHOOKS_ADMIN_TOKEN, WEBHOOKS_ADMIN_TOKEN_FILE
                                    the token of the admin page, or a file with it, instead of --admin-token-file
  RUST_LOG                          what is logged to standard error; `warn` by default

Answers:
  200 acknowledged                  400 malformed request; not a JSON object, if it is only printed
  401 not genuine                   404 nothing is served there
  408 the body came too slowly      413 the body is too large
  415 the body is compressed        503 not now, with Retry-After

Exit status:
  0  stopped by a signal, by --count or by --timeout
  1  stopped because standard output failed, or by --timeout before --count
  2  wrong usage: an option, a secret, an address or a file";

/// An algorithm on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum SignatureAlgorithm {
    Sha1,
    Sha256,
}

impl From<SignatureAlgorithm> for Algorithm {
    fn from(algorithm: SignatureAlgorithm) -> Self {
        match algorithm {
            SignatureAlgorithm::Sha1 => Self::Sha1,
            SignatureAlgorithm::Sha256 => Self::Sha256,
        }
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("not a number of at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(error) => Err(error.to_string()),
    }
}

/// A number of seconds, or with a unit.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    const EXPECTED: &str = "expected a time such as 500ms, 30s, 5m or 1h";
    let digits = text.find(|letter: char| letter != '.' && !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        _ => return Err(EXPECTED.to_owned()),
    };
    let number: f64 = number.parse().map_err(|_| EXPECTED.to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| EXPECTED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_or_is_in_seconds() {
        for (text, milliseconds) in
            [("30", 30_000), ("500ms", 500), ("1.5s", 1_500), ("5m", 300_000), ("1h", 3_600_000)]
        {
            assert_eq!(duration(text).unwrap().as_millis(), milliseconds, "{text}");
        }
        for text in ["", "s", "1d", "-1s", "1 s", "1e9", ".", "999999999999999999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
