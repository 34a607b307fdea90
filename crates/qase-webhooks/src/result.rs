//! Results of test cases in a run: events that the vendor has announced and not described.

use std::collections::BTreeMap;

use strum::{EnumString, IntoStaticStr, VariantNames};
use webhook_core::serde::{Deserialize, Deserializer};
use webhook_core::{Open, RawJson, UnlistedEvent, Wire};

/// Something happened to results of a run.
///
/// What looks like such an event by its name is kept as it came, and decoding it cannot fail.
///
/// **Trap:** the vendor's settings offer events for results that are added, edited and removed, and no page gives their
/// names or payloads, so both are unverified here. [`results`](Self::results) reads what it can out of the payload.
///
/// [Vendor page](https://docs.qase.io/general/webhooks)
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias = "result.created")]
#[doc(alias = "result.updated")]
#[doc(alias = "result.deleted")]
pub struct ResultEvent(Box<UnlistedEvent>);

/// What could be read out of a payload about one result; none of it is documented. What is missing or of another type
/// is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResultView {
    /// The id of the result.
    pub id: Option<u64>,
    /// What identifies the result in the vendor's API: `hash` or `result_hash`.
    pub hash: Option<String>,
    /// The run: `run_id` or `run`.
    pub run_id: Option<u64>,
    /// The case: `case_id` or `case`.
    pub case_id: Option<u64>,
    /// The outcome.
    pub status: Option<Open<ResultStatus>>,
    /// A comment.
    pub comment: Option<String>,
    /// How long it took, in milliseconds.
    pub time_spent_ms: Option<u64>,
}

/// What happened to the results, by the last word of the event's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
#[non_exhaustive]
pub enum ResultAction {
    /// They were added.
    Created,
    /// They were edited.
    Updated,
    /// They were removed.
    Deleted,
}

/// The outcome of a case in a run. Customers add their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum ResultStatus {
    /// As expected.
    Passed,
    /// Not as expected.
    Failed,
    /// Could not be tested.
    Blocked,
    /// Left out.
    Skipped,
    /// The test itself is wrong.
    Invalid,
    /// Being tested.
    InProgress,
    /// To be tested again.
    Retest,
    /// Not tested yet.
    Untested,
}

impl ResultEvent {
    /// The name on the wire.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The payload as it came.
    pub fn payload(&self) -> &RawJson {
        self.0.payload()
    }

    /// What happened, by the last word of the name.
    pub fn action(&self) -> Open<ResultAction> {
        let name = self.name();
        Open::from_text(name.rsplit(['.', '_']).next().unwrap_or(name))
    }

    /// What can be read out of the payload: one result of an object, one for each object in a list, none of anything
    /// else. Reads the payload anew every time.
    pub fn results(&self) -> Vec<ResultView> {
        let payload = self.payload();
        if let Ok(fields) = payload.parse() {
            return vec![ResultView::of(&fields)];
        }
        let elements: Vec<RawJson> = payload.parse().unwrap_or_default();
        elements
            .iter()
            .filter_map(|element| element.parse().ok())
            .map(|fields| ResultView::of(&fields))
            .collect()
    }

    /// Whether an event is one of these, by its name.
    pub(crate) fn is_named(name: &str) -> bool {
        let (entity, action) = name.split_once('.').unwrap_or((name, ""));
        match entity {
            "result" | "results" | "run_result" | "run_results" | "test_result" | "test_run_result" => true,
            "run" => action.starts_with("result"),
            _ => false,
        }
    }
}

impl From<Box<UnlistedEvent>> for ResultEvent {
    fn from(event: Box<UnlistedEvent>) -> Self {
        Self(event)
    }
}

impl ResultView {
    fn of(fields: &BTreeMap<String, RawJson>) -> Self {
        Self {
            id: read(fields, &["id"]),
            hash: read(fields, &["hash", "result_hash"]),
            run_id: read(fields, &["run_id", "run"]),
            case_id: read(fields, &["case_id", "case"]),
            status: read(fields, &["status"]),
            comment: read(fields, &["comment"]),
            time_spent_ms: read(fields, &["time_spent_ms"]),
        }
    }
}

/// The value under the first of the keys that has one of the right type.
fn read<T: Wire>(fields: &BTreeMap<String, RawJson>, keys: &[&str]) -> Option<T> {
    /// Lends serde's trait to the leniency of the type.
    struct Lenient<T>(T);

    impl<'de, T: Wire> Deserialize<'de> for Lenient<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            T::decode(deserializer).map(Self)
        }
    }

    keys.iter().find_map(|key| fields.get(*key)?.parse::<Lenient<T>>().ok()).map(|Lenient(value)| value)
}
