//! Vocabularies are open, and system fields are none.

use qase_webhooks::Open;
use qase_webhooks::custom_field::{CustomFieldEntity, CustomFieldType};
use qase_webhooks::defect::DefectSeverity;
use qase_webhooks::review::{ApprovalStatus, ReviewStatus, ReviewType, StepsType};
use qase_webhooks::system_field::{SystemField, default_ids};
use serde_json::json;

use crate::{payload, rewritten};

#[test]
fn a_verdict_has_a_space_here_and_an_underscore_in_the_api() {
    for text in ["request changes", "changes_requested"] {
        let status = payload!(ReviewApprovalStatusChanged, {"id": 1, "status": text}).status.unwrap();
        assert_eq!(status, ApprovalStatus::RequestChanges, "{text}");
        assert_eq!(status.as_str(), "request changes");
    }
    // Neither page has this one.
    assert_eq!(Open::<ApprovalStatus>::from_text("request_changes").listed(), None);
    assert_eq!(Open::from_text("approved"), ApprovalStatus::Approved);
    assert_eq!(Open::from_text("unapproved"), ApprovalStatus::Unapproved);
}

#[test]
fn an_unlisted_value_is_kept_and_written_back() {
    let status = payload!(ReviewApprovalStatusChanged, {"id": 1, "status": "On Hold"}).status.unwrap();
    assert_eq!(status.listed(), None);
    assert_eq!(status.as_str(), "On Hold");
    let written = rewritten("review.approval_status_changed", &json!({"id": 1, "status": "On Hold"}));
    assert_eq!(written["status"], "On Hold");
}

#[test]
fn values_are_compared_exactly() {
    assert_eq!(Open::<DefectSeverity>::from_text("Normal").listed(), None);
    assert_eq!(Open::<DefectSeverity>::from_text("").listed(), None);
}

#[test]
fn every_documented_value_is_listed() {
    fn listed<T: webhook_core::Vocabulary>(texts: &[&str]) {
        assert_eq!(T::NAMES, texts);
        for text in texts {
            assert_eq!(Open::<T>::from_text(text).as_str(), *text);
            assert!(Open::<T>::from_text(text).listed().is_some(), "{text}");
        }
    }
    listed::<DefectSeverity>(&["undefined", "blocker", "critical", "major", "normal", "minor", "trivial"]);
    listed::<ApprovalStatus>(&["unapproved", "approved", "request changes"]);
    listed::<ReviewStatus>(&["open", "merged", "declined"]);
    listed::<ReviewType>(&["create", "edit"]);
    listed::<StepsType>(&["classic", "gherkin"]);
    listed::<CustomFieldEntity>(&["case", "defect", "run"]);
    listed::<CustomFieldType>(&[
        "number",
        "string",
        "text",
        "selectbox",
        "checkbox",
        "radio",
        "multiselect",
        "url",
        "user",
        "datetime",
    ]);
}

#[test]
fn a_severity_of_a_defect_may_be_a_number() {
    let severity = payload!(DefectCreated, {"id": 1, "severity": 3}).severity.unwrap();
    assert_eq!(severity.as_str(), "3");
    assert_eq!(
        payload!(DefectCreated, {"id": 1, "severity": "major"}).severity.unwrap(),
        DefectSeverity::Major
    );
}

#[test]
fn a_system_field_has_three_forms() {
    let case = payload!(CaseCreated, {
        "id": 1,
        "priority": {"id": "1", "title": "Urgent", "icon": "arrow-up"},
        "severity": 4,
        "behavior": "position",
        "type": "8",
    });
    let priority = case.priority.unwrap();
    assert_eq!(priority.id(), Some(default_ids::PRIORITY_HIGH));
    assert_eq!(priority.title(), Some("Urgent"));
    assert_eq!(priority.slug(), None);
    let severity = case.severity.unwrap();
    assert_eq!(severity, SystemField::Id(default_ids::SEVERITY_NORMAL));
    assert_eq!((severity.id(), severity.title()), (Some(4), None));
    let behavior = case.behavior.unwrap();
    assert_eq!((behavior.id(), behavior.slug()), (None, Some("position")));
    assert_eq!(case.kind.unwrap().id(), Some(default_ids::TYPE_FUNCTIONAL));
}

#[test]
fn a_system_field_without_an_id_keeps_its_title() {
    let priority = payload!(CaseCreated, {"id": 1, "priority": {"title": "Urgent"}}).priority.unwrap();
    assert_eq!((priority.id(), priority.title()), (None, Some("Urgent")));
}

#[test]
fn what_is_no_form_of_a_system_field_is_none() {
    for value in [json!([]), json!([7]), json!(false), json!(true), json!(""), json!(2.5), json!(null)] {
        let case = payload!(CaseCreated, {"id": 1, "priority": value});
        assert_eq!(case.priority, None, "{value}");
    }
}
