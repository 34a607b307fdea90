//! The shape that Slack and Mattermost take.

use serde_json::Value;
use webhook_core::IdempotencyKey;
use webhook_inbox::NewDelivery;
use webhook_inbox::sinks::SlackSink;

use crate::bench::Bench;
use crate::server::{Answer, Server};

/// Refuses what Slack would: any key it does not know, and a text that is empty or of several lines.
async fn slack() -> Server {
    Server::start(|_, request| {
        let message: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let keys: Vec<_> =
            message.as_object().map(|message| message.keys().cloned().collect()).unwrap_or_default();
        let text = message["text"].as_str().unwrap_or_default();
        let is_json = request.headers.get("content-type").is_some_and(|value| value == "application/json");
        if keys != ["text"] || text.is_empty() || text.contains('\n') || text.len() > 4_000 || !is_json {
            return Answer::with(400, "", "invalid_payload");
        }
        Answer::with(200, "", "ok")
    })
    .await
}

async fn lines(bench: &Bench) -> Vec<String> {
    let server = slack().await;
    let sink = SlackSink::to(&server.url()).unwrap().allow_private(true);
    bench.drain(sink).await;
    let texts = server.requests().into_iter().map(|request| {
        let message: Value = serde_json::from_slice(&request.body).unwrap();
        message["text"].as_str().unwrap().to_owned()
    });
    texts.collect()
}

#[tokio::test]
async fn every_sample_of_every_vendor_is_one_line_that_is_taken() {
    let bench = Bench::new().await;
    for sample in qase_webhooks::samples::all() {
        bench.inbox.keep(&sample.delivery()).await.unwrap();
    }
    for sample in deepsource_webhooks::samples::all() {
        bench.inbox.keep(&sample.delivery()).await.unwrap();
    }
    for sample in monitorqa_webhooks::samples::all() {
        bench.inbox.keep(&sample.delivery()).await.unwrap();
    }
    let server = slack().await;
    let handled = bench.drain(SlackSink::to(&server.url()).unwrap().allow_private(true)).await;
    assert_eq!(handled.retried + handled.dead, 0);
    assert!(handled.done > 60, "{handled:?}");
}

#[tokio::test]
async fn a_line_names_the_event_and_the_thing_and_links_it() {
    let bench = Bench::new().await;
    let keep = |event: &'static str, account: Option<&'static str>, body: &'static str| {
        let mut new = NewDelivery::raw("monitorqa", &IdempotencyKey::fingerprint(body.as_bytes()), body);
        new.event = Some(event.to_owned());
        new.account = account.map(str::to_owned);
        bench.keep(new)
    };
    keep(
        "AUDIT_COMPLETED",
        Some("Pinecrest"),
        r#"{"data":{"audit":{"name":"Bakery <!channel>","reportUrl":"https://reports.example.com/1?a=b&c=d"},"items":[{"url":"https://x.example"}]}}"#,
    )
    .await;
    keep(
        "run.completed",
        None,
        r#"{"payload":{"id":902,"passed":251,"failed":9,"link":"javascript:alert(1)"}}"#,
    )
    .await;
    bench.keep_bytes("no json").await;
    assert_eq!(
        lines(&bench).await,
        [
            "*monitorqa* · AUDIT_COMPLETED · Pinecrest · Bakery &lt;!channel&gt; · <https://reports.example.com/1?a=b&amp;c=d|open>",
            "*monitorqa* · run.completed · failed 9, id 902, link javascript:alert(1), passed 251",
            "*qase* · an event without a name",
        ]
    );
}
