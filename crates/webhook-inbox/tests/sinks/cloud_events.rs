//! CloudEvents, read by the SDK.

use cloudevents::binding::http::to_event;
use cloudevents::{AttributesReader as _, Data, Event};
use webhook_inbox::sinks::{CloudEventsMode, Format, HttpSink};

use crate::bench::Bench;
use crate::server::{Request, Server};

async fn sent(bench: &Bench, mode: CloudEventsMode) -> Vec<(Request, Event)> {
    let server = Server::status(200).await;
    let sink = HttpSink::to(&server.url()).unwrap().allow_private(true).format(Format::CloudEvents(mode));
    bench.drain(sink).await;
    let requests = server.requests().into_iter();
    requests
        .map(|request| {
            let event = to_event(&request.headers, request.body.clone()).unwrap();
            (request, event)
        })
        .collect()
}

fn bytes(event: &Event) -> Vec<u8> {
    match event.data().unwrap() {
        Data::Binary(bytes) => bytes.clone(),
        Data::String(text) => text.clone().into_bytes(),
        Data::Json(json) => json.to_string().into_bytes(),
    }
}

#[tokio::test]
async fn both_modes_have_the_attributes_and_the_payload() {
    for mode in [CloudEventsMode::Structured, CloudEventsMode::Binary] {
        let bench = Bench::new().await;
        let row = bench.keep_run().await;
        let body = bench.inbox.get(row.seq).await.unwrap().unwrap().body;
        let (request, event) = sent(&bench, mode).await.remove(0);
        assert_eq!(event.specversion().as_str(), "1.0");
        // A fingerprint is not the id of one event.
        let is_fingerprint = !row.key.starts_with("id:");
        let id = if is_fingerprint { format!("{}/{}", row.key, row.message_id()) } else { row.key.clone() };
        assert_eq!(event.id(), id);
        assert_eq!(event.ty(), "io.qase.run.completed");
        assert_eq!(event.source(), &format!("/qase/{}", row.account.unwrap()));
        assert_eq!(
            event.time().map(chrono::DateTime::timestamp),
            row.occurred_at.as_ref().map(chrono::DateTime::timestamp)
        );
        assert_eq!(event.datacontenttype(), Some("application/json"));
        let json: serde_json::Value = serde_json::from_slice(&bytes(&event)).unwrap();
        assert_eq!(json, serde_json::from_slice::<serde_json::Value>(&body).unwrap());
        match mode {
            CloudEventsMode::Binary => assert_eq!(request.body, body),
            // The text of the payload is in it as it came.
            _ => assert!(
                String::from_utf8(request.body).unwrap().contains(str::from_utf8(&body).unwrap().trim())
            ),
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_keeps_its_bytes_in_both_modes() {
    for mode in [CloudEventsMode::Structured, CloudEventsMode::Binary] {
        let bench = Bench::new().await;
        bench.keep_bytes(b"\xff\x00not json".to_vec()).await;
        let (request, event) = sent(&bench, mode).await.remove(0);
        assert_eq!(event.ty(), "io.qase.unnamed");
        assert_eq!(event.source(), "/qase");
        match mode {
            CloudEventsMode::Binary => assert_eq!(request.body, b"\xff\x00not json"),
            _ => assert_eq!(bytes(&event), b"\xff\x00not json"),
        }
    }
}
