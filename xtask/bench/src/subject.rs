//! The operations on a payload: one row of a table each.

use std::hint::black_box;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::{DeserializeOwned, IgnoredAny};
use sha2::Sha256;
use webhook_core::json::Reader;
use webhook_core::{Envelope, Open, Receiver, Secret, Wire as _};

use crate::payload::{self, Payload, Vendor};
use crate::tagged;

/// One row: an operation that can be repeated.
pub struct Subject {
    pub name: &'static str,
    /// Runs the operation once.
    pub run: Box<dyn Fn()>,
    /// The size of its input, which determines the number of repetitions.
    pub bytes: usize,
}

/// Rows that are compared with the first of them.
pub struct Group {
    pub name: String,
    pub bytes: usize,
    pub subjects: Vec<Subject>,
}

pub const PARSING: &str = "parsing alone (`IgnoredAny`)";
pub const DECODE: &str = "full decode";
pub const PEEK: &str = "peek at the name";
pub const VALUE: &str = "`serde_json::Value`";
pub const TAGGED: &str = "tagged enums, flattened";
pub const SIMD_JSON: &str = "simd-json, tagged enums";
pub const SONIC_RS: &str = "sonic-rs, tagged enums";
pub const VERIFY: &str = "HMAC-SHA-256 verification alone";
pub const VERIFY_DECODE: &str = "verification + decode";

/// The rows of every payload of the table.
pub fn table() -> Result<Vec<Group>> {
    payload::all()?.iter().map(rows).collect()
}

fn rows(payload: &Payload) -> Result<Group> {
    match payload.vendor {
        Vendor::DeepSource => rows_of::<deepsource_webhooks::Webhook, tagged::deepsource::Webhook>(payload),
        Vendor::Qase => rows_of::<qase_webhooks::Webhook, tagged::qase::Webhook>(payload),
        Vendor::MonitorQa => rows_of::<monitorqa_webhooks::Webhook, tagged::monitorqa::Webhook>(payload),
    }
}

fn rows_of<W, T>(payload: &Payload) -> Result<Group>
where
    W: Envelope + 'static,
    T: DeserializeOwned + 'static,
{
    let body: &'static [u8] = payload.text.clone().leak().as_bytes();
    // The measured operations succeed, and the parsers agree.
    let webhook = W::from_slice(body)?;
    ensure!(webhook.info().is_some(), "{} is not listed", payload.name);
    serde_json::from_slice::<T>(body)?;
    let sonic_rs = sonic_rs::from_slice::<T>(body).is_ok();
    let simd_json = simd_json::from_slice::<T>(&mut body.to_vec()).is_ok();

    let (receiver, headers) = receiver(body)?;
    let (receiver_of_both, headers_of_both) = (receiver.clone(), headers.clone());
    let bytes = Bytes::from_static(body);
    let bytes_of_both = bytes.clone();
    let mut group = Group { name: payload.name.clone(), bytes: body.len(), subjects: Vec::new() };
    group.add(PARSING, move || serde_json::from_slice::<IgnoredAny>(black_box(body)).is_ok());
    group.add(DECODE, move || W::from_slice(black_box(body)).is_ok());
    group.add(PEEK, move || W::peek(black_box(body)).is_ok());
    // The text is checked as UTF-8 in the quick way that decoding uses, so that this is no difference between the rows.
    let text = move || simdutf8::basic::from_utf8(black_box(body)).unwrap_or_default();
    group.add(VALUE, move || serde_json::from_str::<serde_json::Value>(text()).is_ok());
    group.add(TAGGED, move || serde_json::from_str::<T>(text()).is_ok());
    if simd_json {
        // It parses in place, so the bytes that a receiver holds have to be copied first.
        group.add(SIMD_JSON, move || simd_json::from_slice::<T>(&mut black_box(body).to_vec()).is_ok());
    }
    if sonic_rs {
        group.add(SONIC_RS, move || sonic_rs::from_slice::<T>(black_box(body)).is_ok());
    }
    group.add(VERIFY, move || receiver.accept(&headers, bytes.clone()).is_ok());
    group.add(VERIFY_DECODE, move || {
        let delivery = receiver_of_both.accept(&headers_of_both, bytes_of_both.clone());
        delivery.is_ok_and(|delivery| W::from_slice(black_box(delivery.body())).is_ok())
    });
    Ok(group)
}

impl Group {
    fn new(name: &str, bytes: usize) -> Self {
        Self { name: name.to_owned(), bytes, subjects: Vec::new() }
    }

    fn add<R: 'static>(&mut self, name: &'static str, run: impl Fn() -> R + 'static) {
        let run = Box::new(move || {
            black_box(run());
        });
        self.subjects.push(Subject { name, run, bytes: self.bytes });
    }
}

/// A receiver that checks an HMAC, and the header that it accepts with this body.
fn receiver(body: &[u8]) -> Result<(Receiver<deepsource_webhooks::Webhook>, Headers)> {
    const SECRET: &str = "a secret of the benchmark";
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes())?;
    mac.update(body);
    let signature = base16ct::lower::encode_string(&mac.finalize().into_bytes());
    let receiver = Receiver::new(Secret::new(SECRET)?);
    let headers = vec![("x-deepsource-signature", signature)];
    receiver.accept(&headers, Bytes::copy_from_slice(body))?;
    Ok((receiver, headers))
}

type Headers = Vec<(&'static str, String)>;

pub const GOOD: &str = "decode";
pub const SURPRISE: &str = "decode with a value that does not fit in the last check";
pub const BAD: &str = "decode of a body that breaks at its end";
pub const PRETTY: &str = "decode, pretty-printed";
pub const ESCAPED: &str = "decode, every text escaped";
pub const REVERSED: &str = "decode, keys reversed";
pub const PAYLOAD_FIRST: &str = "decode, payload before the name";
pub const UNLISTED_EVENT: &str = "an unlisted event, kept raw";
pub const STRINGS: &str = "64 texts as `String`";
pub const UNLISTED_TEXT: &str = "64 unlisted values of a vocabulary";
pub const LISTED_TEXT: &str = "64 listed values of a vocabulary";
pub const FIRST_WRONG: &str = "the first letter is wrong";
pub const LAST_WRONG: &str = "the last letter is wrong";

/// The groups in which a secret is compared with a wrong one.
pub const COMPARISONS: [&str; 3] =
    ["a wrong signature", "a wrong token in a header", "a wrong token in the URL"];

/// The cost of unusual input, on the sample of an analysis run.
pub fn unusual() -> Result<Vec<Group>> {
    type W = deepsource_webhooks::Webhook;
    type Vocabulary = Open<deepsource_webhooks::analysis_run::CheckStatus>;

    let good: &'static str = payload::analysis_run()?.text.leak();
    let surprise: &'static str = payload::surprise_at_the_end()?.leak();
    let bad: &'static str = good.strip_suffix('}').context("the sample is no object")?;
    ensure!(W::from_slice(bad.as_bytes()).is_err(), "the broken payload decodes");
    W::from_slice(surprise.as_bytes())?;
    let mut errors = Group::new("errors", good.len());
    errors.add(GOOD, move || W::from_slice(black_box(good.as_bytes())).is_ok());
    errors.add(SURPRISE, move || W::from_slice(black_box(surprise.as_bytes())).is_ok());
    errors.add(BAD, move || W::from_slice(black_box(bad.as_bytes())).is_ok());

    let mut groups = vec![errors];
    for (name, text) in [
        (PRETTY, payload::pretty()?),
        (ESCAPED, payload::escaped()?),
        (REVERSED, payload::reversed()?),
        (PAYLOAD_FIRST, payload::payload_first()?),
    ] {
        let text: &'static str = text.leak();
        ensure!(W::from_slice(text.as_bytes())? == W::from_slice(good.as_bytes())?, "{name}: another value");
        let mut form = Group::new(name, text.len());
        form.add(PARSING, move || serde_json::from_slice::<IgnoredAny>(black_box(text.as_bytes())).is_ok());
        form.add(DECODE, move || W::from_slice(black_box(text.as_bytes())).is_ok());
        groups.push(form);
    }

    let unlisted: &'static str =
        payload::analysis_run_with("analysis_run.updated", "analysis_run.exploded")?.leak();
    ensure!(W::from_slice(unlisted.as_bytes())?.info().is_none(), "the unlisted event is listed");
    let mut events = Group::new("unlisted events", unlisted.len());
    events.add(PARSING, move || serde_json::from_slice::<IgnoredAny>(black_box(unlisted.as_bytes())).is_ok());
    events.add(UNLISTED_EVENT, move || W::from_slice(black_box(unlisted.as_bytes())).is_ok());

    let unlisted: &'static str = list_of("ON_HOLD")?.leak();
    let listed: &'static str = list_of("SKIPPED")?.leak();
    let mut texts = Group::new("vocabularies", unlisted.len());
    texts.add(STRINGS, move || Vec::<String>::read(&mut Reader::new(black_box(unlisted))).is_ok());
    texts.add(UNLISTED_TEXT, move || Vec::<Vocabulary>::read(&mut Reader::new(black_box(unlisted))).is_ok());
    texts.add(LISTED_TEXT, move || Vec::<Vocabulary>::read(&mut Reader::new(black_box(listed))).is_ok());
    groups.extend([events, texts]);
    groups.extend(comparisons()?);
    groups.extend([hash_of(170)?, hash_of(3_000)?]);
    Ok(groups)
}

/// The cost of a credential with a wrong first letter, and of one with a wrong last letter. A sender who could
/// distinguish them could find a secret letter by letter.
fn comparisons() -> Result<[Group; 3]> {
    const TOKEN: &str = "5b1d2c3e4f5061728394a5b6c7d8e9f0";
    let [signature, token, url] = COMPARISONS;
    let body = Bytes::from_static(br#"{"type":"test.event"}"#);
    let (receiver, headers) = receiver(&body)?;
    let (_, right) = headers.first().context("a receiver without a header")?;
    let signatures = guesses(signature, right, move |guess| {
        let header = [("x-deepsource-signature", guess)];
        receiver.accept(header.as_slice(), body.clone()).is_ok()
    })?;
    let receiver = Receiver::<qase_webhooks::Webhook>::new(Secret::new(TOKEN)?);
    let tokens = guesses(token, TOKEN, move |guess| {
        receiver.accept([("x-qase-secret", guess)].as_slice(), Bytes::from_static(b"{}")).is_ok()
    })?;
    let receiver = Receiver::<monitorqa_webhooks::Webhook>::new(Secret::new(TOKEN)?);
    let urls = guesses(url, TOKEN, move |guess| receiver.accept(guess, Bytes::from_static(b"{}")).is_ok())?;
    Ok([signatures, tokens, urls])
}

fn guesses(name: &str, right: &str, accepted: impl Fn(&str) -> bool + Clone + 'static) -> Result<Group> {
    ensure!(accepted(right), "{name}: the right one is refused");
    let mut group = Group::new(name, right.len());
    for (what, position) in [(FIRST_WRONG, 0), (LAST_WRONG, right.len() - 1)] {
        let mut guess = right.to_owned();
        let wrong = if right.get(position..=position) == Some("0") { "1" } else { "0" };
        guess.replace_range(position..=position, wrong);
        let accepted = accepted.clone();
        group.add(what, move || accepted(black_box(&guess)));
    }
    Ok(group)
}

/// The cost of an HMAC with the crates that this library uses, and with ring.
fn hash_of(bytes: usize) -> Result<Group> {
    const KEY: &[u8] = b"a secret of the benchmark";
    let body: &'static [u8] = vec![b'x'; bytes].leak();
    let keyed = <Hmac<Sha256> as KeyInit>::new_from_slice(KEY)?;
    let ring = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, KEY);
    let mut group = Group::new(&format!("HMAC-SHA-256 of {bytes} bytes"), bytes);
    group.add("hmac + sha2, key taken in beforehand", move || {
        let mut mac = keyed.clone();
        mac.update(black_box(body));
        mac.finalize().into_bytes()
    });
    group.add("hmac + sha2, key taken in every time", move || {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(black_box(KEY));
        mac.map(|mac| mac.chain_update(black_box(body)).finalize().into_bytes()).is_ok()
    });
    group.add("ring, key taken in beforehand", move || ring::hmac::sign(&ring, black_box(body)));
    Ok(group)
}

/// The cost by the length of the payload: parsing and decoding of analysis runs of different lengths.
pub fn growth() -> Result<Vec<Group>> {
    let group = |checks: &usize| {
        let body: &'static [u8] = payload::with_checks(*checks)?.text.leak().as_bytes();
        let webhook = deepsource_webhooks::Webhook::from_slice(body)?;
        ensure!(webhook.info().is_some(), "an analysis run is not listed");
        let mut group = Group::new(&checks.to_string(), body.len());
        group.add(PARSING, move || serde_json::from_slice::<IgnoredAny>(black_box(body)).is_ok());
        group.add(DECODE, move || deepsource_webhooks::Webhook::from_slice(black_box(body)).is_ok());
        Ok(group)
    };
    payload::GROWTH.iter().map(group).collect()
}

fn list_of(text: &str) -> Result<String> {
    Ok(serde_json::to_string(&vec![text; 64])?)
}
