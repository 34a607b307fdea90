//! Statuses and priorities are numbers out of lists that may grow.

use monitorqa_webhooks::corrective_action::{CorrectiveActionStatus, Priority};
use monitorqa_webhooks::{OpenCode, Webhook};
use serde_json::json;
use webhook_core::Code;

use crate::{action, rewritten};

#[test]
fn every_documented_number_is_listed() {
    use CorrectiveActionStatus::{Approved, Expired, Open, Rejected, Submitted};
    let documented = [(0, Open), (1, Approved), (2, Rejected), (3, Submitted), (4, Expired)];
    for (code, status) in documented {
        assert_eq!(action(json!({"status": code})).status.unwrap(), status);
    }
    for (code, priority) in [(0, Priority::Low), (1, Priority::Medium), (2, Priority::High)] {
        assert_eq!(action(json!({"priority": code})).priority.unwrap(), priority);
    }
}

#[test]
fn numbers_values_and_meanings_belong_together() {
    fn check<T: Code + std::fmt::Debug>() {
        assert_eq!((T::CODES.len(), T::NAMES.len()), (T::ALL.len(), T::ALL.len()));
        for ((value, code), name) in T::ALL.iter().zip(T::CODES).zip(T::NAMES) {
            assert_eq!((value.code(), T::from_code(*code)), (*code, Some(*value)));
            assert_eq!((value.to_string(), name.parse()), ((*name).to_owned(), Ok(*value)));
        }
    }
    check::<CorrectiveActionStatus>();
    check::<Priority>();
}

#[test]
fn a_number_is_read_in_any_spelling() {
    for code in ["3", r#""3""#, "3.0", r#""3.0""#, "3e0"] {
        let body = format!(
            r#"{{"event":"CORRECTIVE_ACTION_UPDATED","data":{{"correctiveActionId":"x","correctiveAction":{{"status":{code}}}}}}}"#
        );
        let webhook = Webhook::from_slice(body.as_bytes()).unwrap();
        let written = serde_json::to_value(webhook).unwrap();
        assert_eq!(written["data"]["correctiveAction"]["status"], 3, "{code}");
    }
}

#[test]
fn what_is_no_whole_number_is_none() {
    for code in [json!("open"), json!(1.5), json!(u64::MAX), json!(true), json!([3]), json!({})] {
        assert_eq!(action(json!({"status": code})).status, None, "{code}");
    }
}

#[test]
fn an_unlisted_number_is_kept_and_written_back() {
    for code in [5, 9, -1, i64::MAX, i64::MIN] {
        let status = action(json!({"status": code})).status.unwrap();
        assert_eq!((status.listed(), status.code()), (None, code));
        let data = json!({"correctiveActionId": "x", "correctiveAction": {"id": "x", "priority": code}});
        assert_eq!(rewritten("CORRECTIVE_ACTION_UPDATED", &data)["correctiveAction"]["priority"], code);
    }
    assert_ne!(OpenCode::from(9), Priority::High);
}

#[test]
fn a_listed_value_has_a_name() {
    assert_eq!(CorrectiveActionStatus::Submitted.to_string(), "submitted");
    assert_eq!(Priority::Medium.as_str(), "medium");
    assert_eq!(OpenCode::<CorrectiveActionStatus>::from(3).to_string(), "submitted");
    assert_eq!(OpenCode::<CorrectiveActionStatus>::from(9).to_string(), "9");
}
