//! MonitorQA, with tagged enums.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Webhook {
    company: Option<Named>,
    #[serde(flatten)]
    event: Event,
}

#[derive(Deserialize)]
#[serde(tag = "event", content = "data")]
enum Event {
    #[serde(rename = "CORRECTIVE_ACTION_SUBMITTED")]
    CorrectiveActionSubmitted(Box<Data>),
    #[serde(rename = "CORRECTIVE_ACTION_CREATED")]
    CorrectiveActionCreated(Box<Data>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    corrective_action_id: String,
    corrective_action: Option<CorrectiveAction>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CorrectiveAction {
    id: String,
    number: Option<String>,
    name: Option<String>,
    description: Option<String>,
    status: Option<i64>,
    priority: Option<i64>,
    question: Option<String>,
    answer: Option<Answer>,
    audit_item_id: Option<String>,
    audit: Option<Audit>,
    audit_object: Option<Named>,
    assigned_users: Vec<Named>,
    created_by: Option<Named>,
    created_at_utc: Option<NaiveDateTime>,
    due_date_utc: Option<NaiveDateTime>,
    approved_by: Option<Named>,
    approved_at_utc: Option<NaiveDateTime>,
    expired_by: Option<Named>,
    expired_at_utc: Option<NaiveDateTime>,
    information: Option<Information>,
    tags: Vec<Named>,
    files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    name: Option<String>,
    points: Option<f64>,
    text: Option<String>,
    number: Option<f64>,
    is_failed: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Audit {
    id: String,
    name: Option<String>,
    iana_time_zone: Option<String>,
    number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Information {
    text: Option<String>,
    #[serde(rename = "photosIds")]
    photo_ids: Vec<String>,
    files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    id: String,
    name: Option<String>,
    content_type: Option<String>,
    updated_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    name: Option<String>,
}
