//! The rows of the bench: what is sent, what should come of it, and what that protects from.

use http::{Method, StatusCode};
use serde_json::Value;

use super::report::{Outcome, Row};
use super::request::Draft;
use super::target::{self, Target};
use super::{Bench, mutation};
use crate::authentication::{Authenticated, Authentication};
use crate::secret::Secret;

/// How many duplicates come at the same time.
const AT_ONCE: usize = 8;

/// A failure in words.
type Checked = Result<(), Verdict>;

enum Verdict {
    Failed(String),
    Skipped(&'static str),
}

const NOT_COUNTED: Verdict =
    Verdict::Skipped("acknowledged; give Bench::processed to see how often it was processed");

/// Runs every row.
pub(super) async fn all<W: Authenticated, T: Target>(bench: &Bench<'_, W>, target: &T) -> Vec<Row> {
    let Some((_, body)) = bench.plain().next() else {
        return vec![row(
            "samples",
            "a bench that proves nothing",
            Err(Verdict::Failed("there are no samples to send".to_owned())),
        )];
    };
    let run = Run { bench, target, body };
    vec![
        row("valid", "losing genuine deliveries", run.valid().await),
        row("unusual spelling", "verifying a body that was parsed and written again", run.respelled().await),
        row("unsigned", "taking what anybody sends", run.unsigned().await),
        row("forged", "taking what somebody signs with another secret", run.forged().await),
        row("malformed credential", "a panic while a credential is taken apart", run.malformed().await),
        row("forged and no JSON", "parsing what nobody has verified", run.unparsed().await),
        row("tampered after signing", "taking a body that was changed on its way", run.tampered().await),
        row(
            "duplicated header",
            "a proxy that checks one header and a receiver that reads the other",
            run.twice().await,
        ),
        row("oversized", "memory filled by a stranger", run.oversized().await),
        row("wrong method", "deliveries by links and crawlers", run.method().await),
        row(
            "content type with a charset",
            "losing deliveries to a header that nothing depends on",
            run.charset().await,
        ),
        row("wrong content type", "an error that makes the vendor give up", run.content_type().await),
        row("duplicate delivery", "processing an event twice", run.duplicate().await),
        row("concurrent duplicates", "looking first and remembering later", run.concurrent().await),
        row("new event", "being switched off because the vendor invented an event", run.new_event().await),
        row("new vocabulary value", "being switched off because of a new status", run.new_values().await),
        row("nulls everywhere", "being switched off because a value is missing", run.nulls().await),
        row("extra fields", "being switched off because of a new field", run.more_fields().await),
        row(
            "contradicting payload",
            "being switched off because a type has changed",
            run.contradiction().await,
        ),
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

struct Run<'r, 'b, W: 'static, T> {
    bench: &'r Bench<'b, W>,
    target: &'r T,
    /// A genuine body.
    body: &'static str,
}

impl<W: Authenticated, T: Target> Run<'_, '_, W, T> {
    async fn valid(&self) -> Checked {
        for (event, body) in self.bench.plain() {
            let draft = Draft::genuine(self.bench, self.bench.fresh(body));
            self.expect(event, draft, ACKNOWLEDGED, Some(1)).await?;
        }
        Ok(())
    }

    async fn respelled(&self) -> Checked {
        for (event, body) in self.bench.plain() {
            let body = mutation::respelled(&self.bench.fresh(body));
            self.expect(event, Draft::genuine(self.bench, body), ACKNOWLEDGED, Some(1)).await?;
        }
        Ok(())
    }

    async fn unsigned(&self) -> Checked {
        let draft = Draft::genuine(self.bench, self.bench.fresh(self.body)).unsigned();
        self.expect("without a credential", draft, TURNED_AWAY, Some(0)).await
    }

    async fn forged(&self) -> Checked {
        self.expect("signed with another secret", self.forgery(self.body)?, TURNED_AWAY, Some(0)).await?;
        let genuine = self.genuine();
        let reversed: String = genuine.credential().chars().rev().collect();
        self.expect("an invented credential", genuine.with_credential(&reversed), TURNED_AWAY, Some(0)).await
    }

    fn forgery(&self, body: &str) -> Result<Draft, Verdict> {
        let other =
            Secret::new("not-the-secret-of-this-receiver").map_err(|error| failed(&error.to_string()))?;
        Ok(Draft::signed(self.bench, self.bench.fresh(body), &other))
    }

    async fn malformed(&self) -> Checked {
        let genuine = self.genuine();
        let credential = genuine.credential();
        let mut prefix = String::new();
        // Every length up to the right one, and some beyond it.
        for letter in credential.chars().chain("0123456789".chars()) {
            if prefix != credential {
                let draft = genuine.clone().with_credential(&prefix);
                let what = format!("a credential of {} characters", prefix.chars().count());
                self.expect(&what, draft, TURNED_AWAY, Some(0)).await?;
            }
            prefix.push(letter);
        }
        for (what, value) in [
            ("a prefix alone", b"sha256=".to_vec()),
            ("an odd prefix", b"=".to_vec()),
            ("bytes that are no text", b"\xff\xfe\xfd".to_vec()),
            ("two bytes for a letter", "é".repeat(32).into_bytes()),
            ("a long credential", vec![b'f'; 4_000]),
        ] {
            if let Some(draft) = genuine.clone().with_headers(vec![value]) {
                self.expect(what, draft, TURNED_AWAY, Some(0)).await?;
            }
        }
        Ok(())
    }

    /// Only a status that does not depend on the body comes from a receiver that has not looked into it.
    async fn unparsed(&self) -> Checked {
        let status =
            self.send(self.forgery(self.body)?).await.map_err(|what| failed(&format!("forged: {what}")))?;
        for (what, body) in [("no JSON at all", "{\"no"), ("no event", "{}"), ("nothing", "")] {
            let draft = Draft { body: body.into(), ..self.forgery(self.body)? };
            let expected = Expected(
                &|answer| answer == status && TURNED_AWAY.0(answer),
                "the status of any other forgery",
            );
            self.expect(what, draft, expected, Some(0)).await?;
        }
        Ok(())
    }

    async fn tampered(&self) -> Checked {
        if !matches!(W::AUTHENTICATION, Authentication::BodyHmac { .. }) {
            return Err(Verdict::Skipped("the vendor does not sign the body, so nothing can tell"));
        }
        let genuine = self.genuine();
        let body = String::from_utf8_lossy(&genuine.body).into_owned();
        let changed = Draft { body: mutation::tampered::<W>(&body).into(), ..genuine.clone() };
        self.expect("one letter changed", changed, TURNED_AWAY, Some(0)).await?;
        let longer = Draft { body: format!("{body}\n").into(), ..genuine };
        self.expect("a newline more", longer, TURNED_AWAY, Some(0)).await
    }

    async fn twice(&self) -> Checked {
        let genuine = self.genuine();
        let (right, wrong) = (genuine.credential().into_bytes(), b"0".repeat(64));
        for (what, values) in
            [("the right one first", [right.clone(), wrong.clone()]), ("the right one last", [wrong, right])]
        {
            let Some(draft) = genuine.clone().with_headers(values.to_vec()) else {
                return Err(Verdict::Skipped("the credential stands in the URL"));
            };
            self.expect(what, draft, TURNED_AWAY, Some(0)).await?;
        }
        Ok(())
    }

    async fn oversized(&self) -> Checked {
        let mut body = self.bench.fresh(self.body);
        let missing = self.bench.body_limit.saturating_sub(body.len()).saturating_add(1);
        body.extend(std::iter::repeat_n(' ', missing));
        let draft = Draft::genuine(self.bench, body);
        let expected = Expected(&|status| status == StatusCode::PAYLOAD_TOO_LARGE, "413");
        self.expect("one byte over the limit", draft, expected, Some(0)).await
    }

    async fn method(&self) -> Checked {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let what = method.to_string();
            self.expect(&what, Draft { method, ..self.genuine() }, TURNED_AWAY, Some(0)).await?;
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
        let before = self.bench.count();
        for what in ["the first", "the second", "the third"] {
            self.expect(what, genuine.clone(), ACKNOWLEDGED, None).await?;
        }
        self.processed_once(before, "three times")
    }

    async fn concurrent(&self) -> Checked {
        let genuine = self.genuine();
        let before = self.bench.count();
        let answers = target::all((0..AT_ONCE).map(|_| self.send(genuine.clone()))).await;
        let mut acknowledged = false;
        for answer in answers {
            let status = answer.map_err(|what| failed(&what))?;
            acknowledged |= status.is_success();
            // One that waits for the outcome of the first may say so; the vendor comes back.
            let later =
                [StatusCode::CONFLICT, StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS];
            if !status.is_success() && !later.contains(&status) {
                return Err(failed(&format!("answered {}, expected 2xx", status.as_u16())));
            }
        }
        if !acknowledged {
            return Err(failed("none was acknowledged"));
        }
        self.processed_once(before, "eight times at once")
    }

    fn processed_once(&self, before: Option<usize>, sent: &str) -> Checked {
        match before.zip(self.bench.count()) {
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

    /// Sends every sample after a change of the vendor's; each must be acknowledged.
    async fn changed(&self, change: fn(&mut Value) -> bool) -> Checked {
        let changed = self.bench.changed(change);
        if changed.is_empty() {
            return Err(Verdict::Skipped("no sample has a place for it"));
        }
        for (event, body) in changed {
            self.expect(event, Draft::genuine(self.bench, body), ACKNOWLEDGED, None).await?;
        }
        Ok(())
    }

    fn genuine(&self) -> Draft {
        Draft::genuine(self.bench, self.bench.fresh(self.body))
    }

    async fn send(&self, draft: Draft) -> Result<StatusCode, String> {
        target::answer(self.target, draft.build()?).await
    }

    /// Sends a request and holds its answer, and how much was processed, against what should be.
    async fn expect(
        &self,
        what: &str,
        draft: Draft,
        expected: Expected<'_>,
        processed: Option<usize>,
    ) -> Checked {
        let before = self.bench.count();
        let status = match self.send(draft).await {
            Ok(status) => status,
            Err(instead) => return Err(failed(&format!("{what}: {instead}, expected {}", expected.1))),
        };
        if !expected.0(status) {
            return Err(failed(&format!("{what}: answered {}, expected {}", status.as_u16(), expected.1)));
        }
        match (before.zip(self.bench.count()), processed) {
            (Some((before, after)), Some(expected)) if after.wrapping_sub(before) != expected => {
                Err(failed(&format!(
                    "{what}: answered {} and processed {} times, expected {expected}",
                    status.as_u16(),
                    after.wrapping_sub(before)
                )))
            }
            _ => Ok(()),
        }
    }
}

/// Which answers are right, and how they are called.
#[derive(Clone, Copy)]
struct Expected<'e>(&'e dyn Fn(StatusCode) -> bool, &'static str);

const ACKNOWLEDGED: Expected<'static> = Expected(&|status| status.is_success(), "2xx");
const TURNED_AWAY: Expected<'static> = Expected(&|status| status.is_client_error(), "4xx");

fn failed(what: &str) -> Verdict {
    Verdict::Failed(what.to_owned())
}
