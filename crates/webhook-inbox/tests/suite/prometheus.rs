//! What a collector reads.

use std::process::{Command, Stdio};
use std::time::Duration;

use webhook_inbox::{Inbox, Outcome};

use crate::bench::{Place, numbered};

/// The value of the sample with this name and these labels.
fn sample(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

async fn with_a_dead_delivery(place: &Place) -> Inbox {
    let inbox = place.open().await;
    let consumer = inbox.consumer("tickets \"A\"\n").max_attempts(1).on_raw(|_, _| async { Outcome::dead() });
    for number in [1, 2, 2] {
        inbox.keep(&numbered(number)).await.unwrap();
    }
    consumer.run(tokio::time::sleep(Duration::from_millis(800))).await.unwrap();
    inbox.register("later", webhook_inbox::Start::Oldest).await.unwrap();
    inbox
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_of_the_inbox_is_exposed() {
    let place = Place::sqlite();
    let text = with_a_dead_delivery(&place).await.openmetrics().await;
    for (name, value) in [
        (r#"webhooks_received_total{vendor="deepsource",event="test.event"}"#, 3.0),
        (r#"webhooks_duplicates_total{vendor="deepsource",event="test.event"}"#, 1.0),
        ("webhooks_unavailable_total", 0.0),
        ("webhooks_commit_rows_total", 3.0),
        ("webhooks_commits_failed_total", 0.0),
        ("webhooks_last_commit_ok", 1.0),
        ("webhooks_inbox_up", 1.0),
        (r#"webhooks_sink_dead{sink="tickets \"A\"\n"}"#, 2.0),
        (r#"webhooks_sink_pending{sink="later"}"#, 2.0),
        (r#"webhooks_sink_claimed{sink="later"}"#, 0.0),
        (r#"webhooks_sink_paused{sink="later"}"#, 0.0),
    ] {
        assert_eq!(sample(&text, name), Some(value), "{name}\n{text}");
    }
    assert!(sample(&text, r#"webhooks_sink_oldest_pending_age_seconds{sink="later"}"#).is_some(), "{text}");
    let commits = sample(&text, "webhooks_commit_seconds_count").unwrap();
    assert_eq!(sample(&text, r#"webhooks_commit_seconds_bucket{le="+Inf"}"#), Some(commits));
    assert!(text.ends_with("# EOF\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parser_reads_it() {
    let place = Place::sqlite();
    let text = with_a_dead_delivery(&place).await.openmetrics().await;
    let parsed = prometheus_parse::Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).unwrap();
    let named = |name: &str| parsed.samples.iter().filter(|sample| sample.metric == name).count();
    assert_eq!((named("webhooks_received_total"), named("webhooks_sink_dead")), (1, 2), "{text}");
}

/// Prometheus' own tool, where it is installed; CI has it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn promtool_reads_it() {
    let place = Place::sqlite();
    let text = with_a_dead_delivery(&place).await.openmetrics().await;
    let child = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        assert!(std::env::var_os("CI").is_none(), "promtool is missing, from the package prometheus");
        eprintln!("LEFT OUT: promtool is not installed");
        return;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    // OpenMetrics documents a counter without its suffix, and promtool checks against the older format, in which the
    // suffix is part of the name.
    let findings = String::from_utf8(output.stderr).unwrap();
    let unexpected: Vec<_> = findings.lines().filter(|line| !line.ends_with("_total no help text")).collect();
    assert!(unexpected.is_empty(), "{findings}\n{text}");
}
