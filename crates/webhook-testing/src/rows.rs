//! The rows of the bench: the requests, the expected results, and the faults that they detect.

use std::cell::Cell;

use http::{Method, StatusCode};
use serde_json::Value;

use crate::report::{Outcome, Row};
use crate::request::Draft;
use crate::setup::Setup;
use crate::target::{self, Instead, Target};
use crate::{forgery, mutation};
use webhook_core::{Authenticated, Authentication, Scheme as _, Secret};

/// The number of concurrent duplicates.
const AT_ONCE: usize = 8;

/// A failure with a text.
type Checked = Result<(), Verdict>;

enum Verdict {
    Failed(String),
    Skipped(&'static str),
}

const NOT_COUNTED: Verdict =
    Verdict::Skipped("acknowledged; give Bench::processed to see how often it was processed");

const LOSING: &str = "losing genuine deliveries";

/// Runs every row.
pub(crate) async fn all<W: Authenticated, T: Target>(setup: &Setup<'_, W>, target: &T) -> Vec<Row> {
    let Some((event, body)) = setup.plain().next() else {
        return vec![row(
            "samples",
            "a bench that sends nothing",
            Err(Verdict::Failed("there are no samples to send".to_owned())),
        )];
    };
    let mut run = Run { setup, target, body, pointless: None, expected: Cell::new(None) };
    let valid = match run.reach(event).await {
        Err((why, skipped)) => {
            run.pointless = Some(skipped);
            row("valid", LOSING, Err(why))
        }
        Ok(()) => run.row("valid", LOSING, run.valid()).await,
    };
    vec![
        valid,
        run.row("unusual spelling", "verifying a body that was parsed and serialized again", run.respelled())
            .await,
        run.row("unsigned", "accepting requests without a credential", run.unsigned()).await,
        run.row("forged", "accepting requests made without the secret", run.forged()).await,
        run.row("truncated credential", "comparing only a part of the credential", run.truncated()).await,
        run.row("malformed credential", "a panic while a credential is parsed", run.malformed()).await,
        run.row("forged and not JSON", "parsing a body before it is verified", run.unparsed()).await,
        run.row("tampered after signing", "accepting a body that was changed in transit", run.tampered())
            .await,
        run.row(
            "duplicated header",
            "a proxy that checks one header and a receiver that reads the other",
            run.twice(),
        )
        .await,
        run.row(
            "largest allowed body",
            "losing deliveries to the default limit of a framework",
            run.largest(),
        )
        .await,
        run.row("oversized", "memory exhaustion by large requests", run.oversized()).await,
        run.row("wrong method", "accepting requests of browsers and crawlers", run.method()).await,
        run.row(
            "content type with a charset",
            "losing deliveries to a parameter of the content type",
            run.charset(),
        )
        .await,
        run.row(
            "wrong content type",
            "a server error, after which the vendor may disable the webhook",
            run.content_type(),
        )
        .await,
        run.row("duplicate delivery", "processing an event twice", run.duplicate()).await,
        run.row("concurrent duplicates", "a race between looking up a key and storing it", run.concurrent())
            .await,
        run.row("new event", "a disabled webhook because the vendor added an event", run.new_event()).await,
        run.row("new vocabulary value", "a disabled webhook because of a new value", run.new_values()).await,
        run.row("nulls everywhere", "a disabled webhook because a value is missing", run.nulls()).await,
        run.row("extra fields", "a disabled webhook because of a new field", run.more_fields()).await,
        run.row(
            "contradicting payload",
            "a disabled webhook because a type has changed",
            run.contradiction(),
        )
        .await,
    ]
}

fn row(name: &'static str, protects_from: &'static str, checked: Checked) -> Row {
    let outcome = match checked {
        Ok(()) => Outcome::Passed,
        Err(Verdict::Failed(what)) => Outcome::Failed(what),
        Err(Verdict::Skipped(why)) => Outcome::Skipped(why),
    };
    Row { name, protects_from, outcome }
}

struct Run<'r, 's, W: 'static, T> {
    setup: &'r Setup<'s, W>,
    target: &'r T,
    /// A genuine body.
    body: &'static str,
    /// The reason why nothing more is sent.
    pointless: Option<&'static str>,
    /// The total number of deliveries that should have been processed after a row; `None` if it is not known.
    expected: Cell<Option<usize>>,
}

impl<W: Authenticated, T: Target> Run<'_, '_, W, T> {
    async fn row(
        &self,
        name: &'static str,
        protects_from: &'static str,
        check: impl Future<Output = Checked>,
    ) -> Row {
        let checked = match self.pointless {
            Some(why) => Err(Verdict::Skipped(why)),
            None => self.settled(check).await,
        };
        row(name, protects_from, checked)
    }

    /// Runs a check and waits until its processing has ended, so that late processing is counted in this row.
    async fn settled(&self, check: impl Future<Output = Checked>) -> Checked {
        let before = self.setup.count().await;
        self.expected.set(Some(0));
        let checked = check.await;
        let after = self.setup.count_settled().await;
        checked?;
        match (before.zip(after), self.expected.get()) {
            (Some((before, after)), Some(expected)) if after.wrapping_sub(before) != expected => Err(failed(
                &format!("processed {} times in the end, expected {expected}", after.wrapping_sub(before)),
            )),
            _ => Ok(()),
        }
    }

    /// Checks whether there is a receiver. Otherwise every row would fail for the same cause. Returns this cause with
    /// the reason to skip the other rows.
    async fn reach(&self, event: &str) -> Result<(), (Verdict, &'static str)> {
        let sent = self.send(self.genuine()).await;
        // Later processing must not be counted in the first row.
        self.setup.count_settled().await;
        match sent {
            Ok(StatusCode::NOT_FOUND) => {
                let suspect = match W::SCHEME.authentication() {
                    Authentication::UrlToken => "are the path and the token right?",
                    _ => "is the path right?",
                };
                let what = format!("{event}: answered 404, expected 2xx; {suspect}");
                Err((failed(&what), "not sent: a genuine delivery was answered with 404"))
            }
            // A receiver that panics exists.
            Ok(_) | Err(Instead::Panicked) => Ok(()),
            Err(instead) => Err((
                failed(&format!("{event}: {instead}, expected 2xx")),
                "not sent: a genuine delivery got no answer",
            )),
        }
    }

    async fn valid(&self) -> Checked {
        for (event, body) in self.setup.plain() {
            let draft = Draft::genuine(self.setup, self.setup.fresh(body));
            self.expect(event, draft, ACKNOWLEDGED, Some(1)).await?;
        }
        Ok(())
    }

    async fn respelled(&self) -> Checked {
        for (event, body) in self.setup.plain() {
            let body = mutation::respelled(&self.setup.fresh(body));
            self.expect(event, Draft::genuine(self.setup, body), ACKNOWLEDGED, Some(1)).await?;
        }
        Ok(())
    }

    async fn unsigned(&self) -> Checked {
        let draft = Draft::genuine(self.setup, self.setup.fresh(self.body)).unsigned();
        self.expect("without a credential", draft, REJECTED, Some(0)).await
    }

    async fn forged(&self) -> Checked {
        self.expect("signed with another secret", self.forgery(self.body)?, REJECTED, Some(0)).await?;
        let genuine = self.genuine();
        for (what, forged) in forgery::alike(W::SCHEME.authentication(), &genuine.credential()) {
            self.expect(what, genuine.clone().with_credential(&forged), REJECTED, Some(0)).await?;
        }
        Ok(())
    }

    fn forgery(&self, body: &str) -> Result<Draft, Verdict> {
        let other =
            Secret::new("not-the-secret-of-this-receiver").map_err(|error| failed(&error.to_string()))?;
        Ok(Draft::signed(self.setup, self.setup.fresh(body), &other))
    }

    async fn truncated(&self) -> Checked {
        let genuine = self.genuine();
        let mut rejected = false;
        for (what, part) in forgery::parts(W::SCHEME.authentication(), &genuine.credential()) {
            let before = self.setup.count().await;
            // The row "malformed credential" reports all other faults.
            let status = match self.send(genuine.clone().with_credential(&part)).await {
                Ok(status) => status,
                Err(Instead::Panicked) => continue,
                // A receiver that does not answer may also not answer the other parts.
                Err(_) => break,
            };
            let refused = Expected(&|status| !status.is_success(), REJECTED.1);
            self.judge(&what, before, status, refused, Some(0)).await?;
            rejected |= REJECTED.0(status);
        }
        if !rejected {
            return Err(Verdict::Skipped("answered neither 2xx nor 4xx"));
        }
        Ok(())
    }

    async fn malformed(&self) -> Checked {
        let genuine = self.genuine();
        for (what, part) in forgery::parts(W::SCHEME.authentication(), &genuine.credential()) {
            // The row "truncated credential" reports whether it was accepted.
            let answered = Expected(&|status| status.is_success() || REJECTED.0(status), REJECTED.1);
            self.expect(&what, genuine.clone().with_credential(&part), answered, None).await?;
        }
        for (what, value) in [
            ("a prefix alone", b"sha256=".to_vec()),
            ("an odd prefix", b"=".to_vec()),
            ("bytes that are not text", b"\xff\xfe\xfd".to_vec()),
            ("two bytes for a letter", "é".repeat(32).into_bytes()),
            ("a long credential", vec![b'f'; 4_000]),
        ] {
            if let Some(draft) = genuine.clone().with_headers(vec![value]) {
                self.expect(what, draft, REJECTED, Some(0)).await?;
            }
        }
        Ok(())
    }

    /// A receiver that does not parse the body returns a status that does not depend on the body.
    async fn unparsed(&self) -> Checked {
        let status = self
            .send(self.forgery(self.body)?)
            .await
            .map_err(|instead| failed(&format!("forged: {instead}")))?;
        for (what, body) in [("not JSON", "{\"no"), ("no event", "{}"), ("nothing", "")] {
            let draft = Draft { body: body.into(), ..self.forgery(self.body)? };
            let expected =
                Expected(&|answer| answer == status && REJECTED.0(answer), "the status of any other forgery");
            self.expect(what, draft, expected, Some(0)).await?;
        }
        Ok(())
    }

    async fn tampered(&self) -> Checked {
        if !matches!(W::SCHEME.authentication(), Authentication::BodyHmac { .. }) {
            return Err(Verdict::Skipped("the vendor does not sign the body, so no receiver can notice"));
        }
        let genuine = self.genuine();
        let body = String::from_utf8_lossy(&genuine.body).into_owned();
        let changed = Draft { body: mutation::tampered::<W>(&body).into(), ..genuine.clone() };
        self.expect("one letter changed", changed, REJECTED, Some(0)).await?;
        let longer = Draft { body: format!("{body}\n").into(), ..genuine };
        self.expect("with an extra newline", longer, REJECTED, Some(0)).await
    }

    async fn twice(&self) -> Checked {
        let genuine = self.genuine();
        let (right, wrong) = (genuine.credential().into_bytes(), b"0".repeat(64));
        for (what, values) in
            [("the right one first", [right.clone(), wrong.clone()]), ("the right one last", [wrong, right])]
        {
            let Some(draft) = genuine.clone().with_headers(values.to_vec()) else {
                return Err(Verdict::Skipped("the credential is in the URL"));
            };
            self.expect(what, draft, REJECTED, Some(0)).await?;
        }
        Ok(())
    }

    /// A genuine delivery of this many bytes, padded with spaces.
    fn genuine_of(&self, bytes: usize) -> Draft {
        let mut body = self.setup.fresh(self.body);
        let missing = bytes.saturating_sub(body.len());
        body.extend(std::iter::repeat_n(' ', missing));
        Draft::genuine(self.setup, body)
    }

    async fn largest(&self) -> Checked {
        let draft = self.genuine_of(self.setup.max_body_bytes);
        let what = format!("{} bytes", draft.body.len());
        self.expect(&what, draft, ACKNOWLEDGED, Some(1)).await
    }

    async fn oversized(&self) -> Checked {
        let draft = self.genuine_of(self.setup.max_body_bytes.saturating_add(1));
        let expected = Expected(&|status| status == StatusCode::PAYLOAD_TOO_LARGE, "413");
        self.expect("one byte over the limit", draft, expected, Some(0)).await
    }

    async fn method(&self) -> Checked {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let what = method.to_string();
            self.expect(&what, Draft { method, ..self.genuine() }, REJECTED, Some(0)).await?;
        }
        Ok(())
    }

    async fn charset(&self) -> Checked {
        let draft = Draft { content_type: "application/json; charset=utf-8", ..self.genuine() };
        self.expect("application/json; charset=utf-8", draft, ACKNOWLEDGED, Some(1)).await
    }

    async fn content_type(&self) -> Checked {
        let allowed =
            |status: StatusCode| status.is_success() || status == StatusCode::UNSUPPORTED_MEDIA_TYPE;
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"] {
            let draft = Draft { content_type, ..self.genuine() };
            self.expect(content_type, draft, Expected(&allowed, "2xx or 415"), None).await?;
        }
        Ok(())
    }

    async fn duplicate(&self) -> Checked {
        let genuine = self.genuine();
        let before = self.setup.count().await;
        for what in ["the first", "the second", "the third"] {
            self.expect(what, genuine.clone(), ACKNOWLEDGED, None).await?;
        }
        self.processed_once(before, "three times").await
    }

    async fn concurrent(&self) -> Checked {
        let genuine = self.genuine();
        let before = self.setup.count().await;
        let answers = target::all((0..AT_ONCE).map(|_| self.send(genuine.clone()))).await;
        let mut acknowledged = false;
        for answer in answers {
            let status = answer.map_err(|instead| failed(&instead.to_string()))?;
            acknowledged |= status.is_success();
            // A receiver that waits for the first result may answer so; the vendor retries.
            let later =
                [StatusCode::CONFLICT, StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS];
            if !status.is_success() && !later.contains(&status) {
                return Err(failed(&format!("answered {}, expected 2xx", status.as_u16())));
            }
        }
        if !acknowledged {
            return Err(failed("none was acknowledged"));
        }
        self.processed_once(before, "eight times at once").await
    }

    async fn processed_once(&self, before: Option<usize>, sent: &str) -> Checked {
        self.expected.set(None);
        match before.zip(self.setup.count_settled().await) {
            None => Err(NOT_COUNTED),
            Some((before, after)) if after.wrapping_sub(before) == 1 => Ok(()),
            Some((before, after)) => {
                Err(failed(&format!("sent {sent}, processed {} times", after.wrapping_sub(before))))
            }
        }
    }

    async fn new_event(&self) -> Checked {
        self.changed(mutation::new_name::<W>).await
    }

    async fn new_values(&self) -> Checked {
        self.changed(mutation::new_values::<W>).await
    }

    async fn nulls(&self) -> Checked {
        self.changed(mutation::nulls::<W>).await
    }

    async fn more_fields(&self) -> Checked {
        self.changed(mutation::more_fields::<W>).await
    }

    async fn contradiction(&self) -> Checked {
        self.changed(mutation::contradiction::<W>).await
    }

    /// Sends every sample with a change that the vendor may make. Each must be acknowledged.
    async fn changed(&self, change: fn(&mut Value) -> bool) -> Checked {
        let changed = self.setup.changed(change);
        if changed.is_empty() {
            return Err(Verdict::Skipped("no sample can be changed in this way"));
        }
        for (event, body) in changed {
            self.expect(event, Draft::genuine(self.setup, body), ACKNOWLEDGED, None).await?;
        }
        Ok(())
    }

    fn genuine(&self) -> Draft {
        Draft::genuine(self.setup, self.setup.fresh(self.body))
    }

    async fn send(&self, draft: Draft) -> Result<StatusCode, Instead> {
        target::answer(self.target, draft.build().map_err(Instead::NotSent)?).await
    }

    /// Sends a request and compares its answer and the number of processed deliveries with the expected ones.
    async fn expect(
        &self,
        what: &str,
        draft: Draft,
        expected: Expected<'_>,
        processed: Option<usize>,
    ) -> Checked {
        let before = self.setup.count().await;
        let status = match self.send(draft).await {
            Ok(status) => status,
            Err(instead) => return Err(failed(&format!("{what}: {instead}, expected {}", expected.1))),
        };
        self.judge(what, before, status, expected, processed).await
    }

    async fn judge(
        &self,
        what: &str,
        before: Option<usize>,
        status: StatusCode,
        expected: Expected<'_>,
        processed: Option<usize>,
    ) -> Checked {
        if !expected.0(status) {
            return Err(failed(&format!("{what}: answered {}, expected {}", status.as_u16(), expected.1)));
        }
        self.expected.set(self.expected.get().zip(processed).map(|(sum, more)| sum.saturating_add(more)));
        let Some((before, expected)) = before.zip(processed) else { return Ok(()) };
        let after = self.setup.count_up_to(before.wrapping_add(expected)).await;
        match after.map(|after| after.wrapping_sub(before)) {
            Some(processed) if processed != expected => Err(failed(&format!(
                "{what}: answered {} and processed {processed} times, expected {expected}",
                status.as_u16(),
            ))),
            _ => Ok(()),
        }
    }
}

/// The expected answers, and their description.
#[derive(Clone, Copy)]
struct Expected<'e>(&'e dyn Fn(StatusCode) -> bool, &'static str);

const ACKNOWLEDGED: Expected<'static> = Expected(&|status| status.is_success(), "2xx");
const REJECTED: Expected<'static> = Expected(&|status| status.is_client_error(), "4xx");

fn failed(what: &str) -> Verdict {
    Verdict::Failed(what.to_owned())
}
