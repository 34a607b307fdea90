//! The bench: a correct receiver passes, and a faulty one fails the row that names its fault.

mod later;
mod url;

use std::collections::HashSet;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode};
use insta::assert_snapshot;
use serde_json::Value;
use webhook_core::samples::{Sample, SignedRequest};
use webhook_core::{
    Authenticated, Authentication, DecodeError, Delivery, IdempotencyKey, Receiver, Rejected, Scheme as _,
    Secret,
};
use webhook_testing::{Bench, Outcome, Report};

use crate::invented::{BodyHmac, Event, SharedToken, UrlToken};

const SECRET: &str = "keep-this-one-long-enough";

const MADE: &str = "{\n  \"name\": \"thing.made\",\n  \"at\": 1770705612,\n  \"id\": \"431588815459544902\",\n  \
                    \"payload\": {\"id\": 7, \"name\": \"a/b\"}\n}\n";
const FORGOTTEN: &str = r#"{"name": "things.forgotten", "id": "431588815459544903", "payload": [1, 2]}"#;

/// In the form that `serde_json` writes.
const COMPACT: &str =
    r#"{"at":1770705612,"id":"431588815459544902","name":"thing.made","payload":{"id":7,"name":"a/b"}}"#;

static SAMPLES: [Sample<BodyHmac>; 2] = samples();
static COMPACT_SAMPLES: [Sample<BodyHmac>; 1] = [Sample::new("thing.made", "plain", true, COMPACT)];
static TOKEN_SAMPLES: [Sample<SharedToken>; 2] = samples();
static URL_SAMPLES: [Sample<UrlToken>; 2] = samples();

const fn samples<W>() -> [Sample<W>; 2] {
    [
        Sample::new("thing.made", "plain", true, MADE),
        Sample::new("things.forgotten", "plain", true, FORGOTTEN),
    ]
}

/// What a receiver remembers.
struct Memory<W> {
    receiver: Receiver<W>,
    seen: Mutex<HashSet<IdempotencyKey>>,
    processed: AtomicUsize,
}

impl<W: Authenticated> Memory<W> {
    fn new() -> Self {
        let receiver = Receiver::new(Secret::new(SECRET).unwrap());
        Self { receiver, seen: Mutex::default(), processed: AtomicUsize::new(0) }
    }

    fn process(&self) {
        self.processed.fetch_add(1, Ordering::SeqCst);
    }

    fn is_new(&self, key: IdempotencyKey) -> bool {
        self.seen.lock().unwrap().insert(key)
    }

    /// What a correct receiver does.
    async fn receive(&self, request: Request<Bytes>) -> Result<StatusCode, String> {
        pause().await;
        if request.method() != Method::POST {
            return Ok(StatusCode::METHOD_NOT_ALLOWED);
        }
        let (head, body) = request.into_parts();
        Ok(match self.receiver.accept(&head, body) {
            Ok(delivery) => {
                if self.is_new(delivery.key()) {
                    self.process();
                }
                StatusCode::OK
            }
            Err(rejected) => rejected.status(),
        })
    }

    /// Runs the bench against a receiver with this memory.
    fn bench<A: Future<Output = Result<StatusCode, String>>>(
        &self,
        samples: &'static [Sample<W>],
        receive: impl Fn(Request<Bytes>) -> A,
    ) -> Report {
        let bench = Bench::new(samples, Secret::new(SECRET).unwrap()).path("/hooks");
        block_on(bench.processed(|| self.processed.load(Ordering::SeqCst)).run(&receive))
    }
}

/// Runs a future without any runtime.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Sleeper(Thread);
    impl Wake for Sleeper {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Sleeper(thread::current())).into();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::park();
    }
}

/// Yields once to the other futures.
async fn pause() {
    let mut waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The names of the rows that failed.
fn failed(report: &Report) -> Vec<&'static str> {
    report.failed().map(|row| row.name).collect()
}

#[test]
fn a_correct_receiver_of_each_scheme_passes() {
    let memory = Memory::<BodyHmac>::new();
    let report = memory.bench(&SAMPLES, |request| memory.receive(request));
    assert_snapshot!("right", report);
    report.assert_passed();
    let memory = Memory::<SharedToken>::new();
    memory.bench(&TOKEN_SAMPLES, |request| memory.receive(request)).assert_passed();
    let memory = Memory::<UrlToken>::new();
    let report = memory.bench(&URL_SAMPLES, |request| memory.receive(request));
    assert_snapshot!("right_url_token", report);
    report.assert_passed();
}

#[test]
fn without_a_counter_the_rows_about_duplicates_are_skipped() {
    let memory = Memory::<BodyHmac>::new();
    let bench = Bench::new(&SAMPLES, Secret::new(SECRET).unwrap());
    let report = block_on(bench.run(&|request| memory.receive(request)));
    report.assert_passed();
    let skipped: Vec<&str> = report
        .rows()
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::Skipped(_)))
        .map(|row| row.name)
        .collect();
    assert!(skipped.ends_with(&["duplicate delivery", "concurrent duplicates"]) || skipped.len() > 2);
    assert!(skipped.contains(&"duplicate delivery") && skipped.contains(&"concurrent duplicates"));
}

#[test]
fn a_receiver_that_parses_before_it_verifies_is_reported() {
    let memory = &Memory::<BodyHmac>::new();
    let report = memory.bench(&SAMPLES, |request| async move {
        // The mistake: an extractor parses the body before it is verified.
        if request.method() == Method::POST && serde_json::from_slice::<Value>(request.body()).is_err() {
            return Ok(StatusCode::UNPROCESSABLE_ENTITY);
        }
        memory.receive(request).await
    });
    assert_snapshot!("verifies_after_it_parses", report);
    assert_eq!(failed(&report), ["forged and not JSON"]);
}

#[test]
fn a_receiver_that_rejects_unlisted_events_is_reported() {
    let memory = &Memory::<BodyHmac>::new();
    let report = memory.bench(&SAMPLES, |request| async move {
        let body = request.body().clone();
        let status = memory.receive(request).await?;
        // The mistake: an unlisted event is answered with an error.
        let known: Result<BodyHmac, DecodeError> = BodyHmac::from_slice(&body);
        let known = known.is_ok_and(|webhook| !matches!(webhook.event, Event::Unlisted(_)));
        Ok(if status.is_success() && !known { StatusCode::UNPROCESSABLE_ENTITY } else { status })
    });
    assert_snapshot!("acknowledges_nothing_new", report);
    assert_eq!(failed(&report), ["new event", "contradicting payload"]);
}

#[test]
fn a_receiver_that_verifies_a_rewritten_body_is_reported() {
    let memory = &Memory::<BodyHmac>::new();
    let report = memory.bench(&COMPACT_SAMPLES, |request| async move {
        let (head, body) = request.into_parts();
        if head.method != Method::POST {
            return Ok(StatusCode::METHOD_NOT_ALLOWED);
        }
        if body.len() > 1_000 {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE);
        }
        // The mistake: the body is parsed and written again, and compared with `==`.
        let Ok(value) = serde_json::from_slice::<Value>(&body) else { return Ok(StatusCode::UNAUTHORIZED) };
        let secret = Secret::new(SECRET).unwrap();
        let rewritten = SignedRequest::new::<BodyHmac>(value.to_string(), &secret);
        let expected = &rewritten.headers().iter().find(|(name, _)| *name == "x-signature").unwrap().1;
        let given: Vec<&[u8]> =
            head.headers.get_all("x-signature").iter().map(HeaderValue::as_bytes).collect();
        if given != [expected.as_bytes()] {
            return Ok(StatusCode::UNAUTHORIZED);
        }
        if memory.is_new(Delivery::<BodyHmac>::from_unverified(body).key()) {
            memory.process();
        }
        Ok(StatusCode::OK)
    });
    assert_snapshot!("compares_what_it_wrote_itself", report);
    assert_eq!(failed(&report), ["unusual spelling", "tampered after signing", "largest allowed body"]);
}

#[test]
fn a_receiver_that_panics_on_a_short_signature_is_reported() {
    let memory = &Memory::<BodyHmac>::new();
    let report = memory.bench(&SAMPLES, |request| async move {
        // The mistake: a length that the sender chooses is trusted.
        if let Some(signature) = request.headers().get("x-signature") {
            let _digest = &signature.as_bytes()[..40];
        }
        memory.receive(request).await
    });
    assert_snapshot!("panics_on_a_short_signature", report);
    assert_eq!(failed(&report), ["malformed credential"]);
}

/// Runs the bench against a receiver with another comparison of the given and the correct credential.
fn comparing<W: Authenticated>(
    samples: &'static [Sample<W>],
    same: fn(given: &str, right: &str) -> bool,
) -> Report {
    let memory = &Memory::<W>::new();
    memory.bench(samples, |mut request| async move {
        let secret = Secret::new(SECRET).unwrap();
        let signed = SignedRequest::new::<W>(request.body().clone(), &secret).into_http().unwrap();
        // The mistake: a credential that the comparison accepts is replaced by the correct one.
        match W::SCHEME.authentication() {
            Authentication::SharedToken { header } | Authentication::BodyHmac { header } => {
                let right = signed.headers()[header].to_str().unwrap();
                let values: Vec<&HeaderValue> = request.headers().get_all(header).iter().collect();
                let alike =
                    matches!(values[..], [given] if given.to_str().is_ok_and(|given| same(given, right)));
                if alike {
                    request.headers_mut().insert(header, signed.headers()[header].clone());
                }
            }
            _ => {
                if same(request.uri().path(), SECRET) {
                    *request.uri_mut() = signed.uri().clone();
                }
            }
        }
        memory.receive(request).await
    })
}

#[test]
fn a_receiver_that_compares_the_first_bytes_alone_is_reported() {
    let report = comparing(&SAMPLES, |given, right| given.len() == right.len() && given[..16] == right[..16]);
    assert_snapshot!("compares_the_first_bytes", report);
    assert_eq!(failed(&report), ["forged"]);
}

#[test]
fn a_receiver_that_compares_a_prefix_is_reported() {
    let report = comparing(&TOKEN_SAMPLES, |given, right| !given.is_empty() && right.starts_with(given));
    assert_snapshot!("compares_what_is_there", report);
    assert_eq!(failed(&report), ["truncated credential"]);
}

#[test]
fn other_wrong_comparisons_are_reported() {
    let caught = |report: Report, row: &str, what: &str| {
        assert_eq!(failed(&report), [row], "{report}");
        let told = format!("-> {what}: answered 200, expected 4xx\n");
        assert!(report.to_string().contains(&told), "{report}");
    };
    let other_case = "the right credential with upper and lower case swapped";
    caught(comparing(&TOKEN_SAMPLES, str::eq_ignore_ascii_case), "forged", other_case);
    let path = |given: &str, right: &str| given.eq_ignore_ascii_case(&format!("/hooks/{right}"));
    caught(comparing(&URL_SAMPLES, path), "forged", other_case);
    caught(
        comparing(&TOKEN_SAMPLES, |given, right| given.len() == right.len() && given[1..] == right[1..]),
        "forged",
        "the right credential with its first letter changed",
    );
    let cut = "truncated credential";
    caught(comparing(&SAMPLES, |given, right| right.starts_with(given)), cut, "an empty credential");
    caught(
        comparing(&SAMPLES, |given, right| given.len() >= 5 && right.starts_with(given)),
        cut,
        "the first 5 characters of the right one",
    );
    caught(
        comparing(&TOKEN_SAMPLES, |given, right| given.len() > right.len() + 2 && given.starts_with(right)),
        cut,
        "the right one and 3 more",
    );
    caught(comparing(&URL_SAMPLES, |given, right| given.contains(right)), cut, "the right one and 1 more");
    caught(
        comparing(&TOKEN_SAMPLES, |given, right| given.len() > 20 && right.ends_with(given)),
        cut,
        "the right one without its first character",
    );
    caught(
        comparing(&TOKEN_SAMPLES, |given, right| given.ends_with(right)),
        cut,
        "the right one after another character",
    );
    caught(
        comparing(&URL_SAMPLES, |given, right| given.replace("%20", "").ends_with(&format!("/{right}"))),
        cut,
        "the right one after a space",
    );
}

/// A signature is hexadecimal, and spaces around the value of a header do not belong to it.
#[test]
fn a_receiver_that_accepts_equivalent_spellings_passes() {
    comparing(&SAMPLES, str::eq_ignore_ascii_case).assert_passed();
    comparing(&SAMPLES, |given, right| given.trim() == right).assert_passed();
    comparing(&TOKEN_SAMPLES, |given, right| given.trim() == right).assert_passed();
}

#[test]
fn a_wrong_path_is_reported_once() {
    let memory = &Memory::<BodyHmac>::new();
    let sent = AtomicUsize::new(0);
    let report = memory.bench(&SAMPLES, |_| {
        sent.fetch_add(1, Ordering::SeqCst);
        async { Ok(StatusCode::NOT_FOUND) }
    });
    assert_snapshot!("not_found", report);
    assert_eq!(failed(&report), ["valid"]);
    assert_eq!(sent.load(Ordering::SeqCst), 1);
    let memory = &Memory::<UrlToken>::new();
    let report = memory.bench(&URL_SAMPLES, |_| async { Ok(StatusCode::NOT_FOUND) });
    assert!(report.to_string().contains("are the path and the token right?"), "{report}");
}

/// Any other answer comes from a receiver, and so does a panic.
#[test]
fn a_receiver_that_answers_gets_every_request() {
    let memory = &Memory::<BodyHmac>::new();
    for status in [StatusCode::UNAUTHORIZED, StatusCode::INTERNAL_SERVER_ERROR, StatusCode::GONE] {
        let report = memory.bench(&SAMPLES, |_| async move { Ok(status) });
        assert!(!report.to_string().contains("not sent"), "{report}");
        assert!(failed(&report).len() > 5, "{report}");
    }
    let report = memory.bench(&SAMPLES, |request| async move {
        assert_ne!(request.method(), Method::POST);
        Ok(StatusCode::METHOD_NOT_ALLOWED)
    });
    assert!(report.to_string().contains("thing.made: a panic, expected 2xx"), "{report}");
    assert!(report.to_string().contains("passed   wrong method"), "{report}");
}

#[test]
fn a_receiver_that_processes_duplicates_twice_is_reported() {
    let memory = &Memory::<BodyHmac>::new();
    let report = memory.bench(&SAMPLES, |request| async move {
        if request.method() != Method::POST {
            return Ok(StatusCode::METHOD_NOT_ALLOWED);
        }
        let (head, body) = request.into_parts();
        let accepted: Result<_, Rejected> = memory.receiver.accept(&head, body);
        // The mistake: the keys of earlier deliveries are not stored.
        Ok(accepted.map_or_else(
            |rejected| rejected.status(),
            |_| {
                memory.process();
                StatusCode::OK
            },
        ))
    });
    assert_snapshot!("processes_duplicates_twice", report);
    assert_eq!(failed(&report), ["duplicate delivery", "concurrent duplicates"]);
}

#[test]
fn a_receiver_that_remembers_too_late_is_reported() {
    let memory = &Memory::<BodyHmac>::new();
    let report = memory.bench(&SAMPLES, |request| async move {
        if request.method() != Method::POST {
            return Ok(StatusCode::METHOD_NOT_ALLOWED);
        }
        let (head, body) = request.into_parts();
        let delivery = match memory.receiver.accept(&head, body) {
            Ok(delivery) => delivery,
            Err(rejected) => return Ok(rejected.status()),
        };
        if memory.seen.lock().unwrap().contains(&delivery.key()) {
            return Ok(StatusCode::OK);
        }
        // The mistake: a second delivery is looked up before the first is stored.
        pause().await;
        memory.process();
        memory.is_new(delivery.key());
        Ok(StatusCode::OK)
    });
    assert_snapshot!("remembers_too_late", report);
    assert_eq!(failed(&report), ["concurrent duplicates"]);
}

#[test]
fn other_wrong_receivers_fail_the_row_that_names_their_fault() {
    let wrong = |row: &str, mistake: fn(&Request<Bytes>, StatusCode) -> StatusCode| {
        let memory = &Memory::<BodyHmac>::new();
        let report = memory.bench(&SAMPLES, |request| async move {
            let copy = request.clone();
            Ok(mistake(&copy, memory.receive(request).await?))
        });
        assert_eq!(failed(&report), [row], "{report}");
    };
    wrong(
        "wrong method",
        |request, status| {
            if request.method() == Method::GET { StatusCode::OK } else { status }
        },
    );
    // The mistake: a limit in front of the receiver that is smaller than the receiver's.
    wrong("largest allowed body", |request, status| {
        if request.body().len() > 999 && status.is_success() { StatusCode::PAYLOAD_TOO_LARGE } else { status }
    });
    wrong("oversized", |request, status| if request.body().len() > 1_000 { StatusCode::OK } else { status });
    wrong(
        "unsigned",
        |request, status| {
            if request.headers().contains_key("x-signature") { status } else { StatusCode::OK }
        },
    );
    wrong("duplicated header", |request, status| {
        if request.headers().get_all("x-signature").iter().count() > 1 { StatusCode::OK } else { status }
    });
    wrong("content type with a charset", |request, status| {
        if request.headers()["content-type"].as_bytes().ends_with(b"utf-8") {
            StatusCode::BAD_REQUEST
        } else {
            status
        }
    });
    wrong("wrong content type", |request, status| {
        if request.headers()["content-type"] == "x" { StatusCode::INTERNAL_SERVER_ERROR } else { status }
    });
    wrong("extra fields", |request, status| {
        let new = String::from_utf8_lossy(request.body()).contains("brand_new_field");
        if new { StatusCode::BAD_REQUEST } else { status }
    });
    wrong("nulls everywhere", |request, status| {
        let null = String::from_utf8_lossy(request.body()).contains(r#""name":null"#);
        if null { StatusCode::BAD_REQUEST } else { status }
    });
}

#[test]
#[should_panic(expected = "the receiver failed the bench")]
fn a_failed_row_fails_the_test_of_the_user() {
    let memory = &Memory::<BodyHmac>::new();
    let report = memory.bench(&SAMPLES, |_| async { Ok(StatusCode::INTERNAL_SERVER_ERROR) });
    report.assert_passed();
}
