//! Qase, with tagged enums.

use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Webhook {
    #[serde(with = "chrono::serde::ts_seconds")]
    timestamp: DateTime<Utc>,
    team_member_id: Option<i64>,
    project_code: Option<String>,
    #[serde(flatten)]
    event: Event,
}

#[derive(Deserialize)]
#[serde(tag = "event_name", content = "payload")]
enum Event {
    #[serde(rename = "case.created")]
    CaseCreated(Box<TestCase>),
    #[serde(rename = "defect.created")]
    DefectCreated(Box<Defect>),
    #[serde(rename = "run.completed")]
    RunCompleted(Box<RunTotals>),
}

#[derive(Deserialize)]
struct RunTotals {
    id: u64,
    cases: u64,
    passed: u64,
    failed: u64,
    blocked: u64,
    untested: Option<u64>,
    #[serde(alias = "skiped")]
    skipped: Option<u64>,
    #[serde(rename = "duration")]
    duration_ms: Option<u64>,
}

#[derive(Deserialize)]
struct Defect {
    id: u64,
    title: Option<String>,
    severity: Option<Severity>,
    actual_result: Option<String>,
    attachments: Vec<Attachment>,
    case_id: Option<u64>,
    step: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Undefined,
    Blocker,
    Critical,
    Major,
    Normal,
    Minor,
    Trivial,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Attachment {
    filename: Option<String>,
    mime: Option<String>,
    size: Option<u64>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct TestCase {
    id: u64,
    title: Option<String>,
    description: Option<String>,
    preconditions: Option<String>,
    postconditions: Option<String>,
    priority: Option<SystemField>,
    severity: Option<SystemField>,
    behavior: Option<SystemField>,
    #[serde(rename = "type")]
    kind: Option<SystemField>,
    automation: Option<SystemField>,
    status: Option<SystemField>,
    suite_id: Option<u64>,
    milestone_id: Option<u64>,
    steps: Vec<Step>,
    attachments: Vec<Attachment>,
    custom_fields: Vec<FieldValue>,
}

#[derive(Deserialize)]
struct SystemField {
    id: u64,
    title: Option<String>,
    icon: Option<String>,
    color: Option<String>,
}

#[derive(Deserialize)]
struct Step {
    position: Option<u64>,
    action: Option<String>,
    expected_result: Option<String>,
    data: Option<String>,
    attachments: Vec<Attachment>,
    shared: Option<bool>,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct FieldValue {
    id: u64,
    title: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    // `RawValue` does not survive the buffer of a tagged enum.
    value: Option<serde_json::Value>,
}
