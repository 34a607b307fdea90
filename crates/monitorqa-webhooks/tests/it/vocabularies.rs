//! Statuses and priorities are numbers out of lists that may grow.

use monitorqa_webhooks::OpenCode;
use monitorqa_webhooks::corrective_action::{CorrectiveActionStatus, Priority};
use serde_json::json;
use strum::VariantArray;
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
fn numbers_and_values_belong_together() {
    fn check<T: Code + VariantArray + std::fmt::Debug>() {
        assert_eq!(T::CODES.len(), T::VARIANTS.len());
        for value in T::VARIANTS {
            assert!(T::CODES.contains(&value.code()));
            assert_eq!(T::from_code(value.code()), Some(*value));
        }
    }
    check::<CorrectiveActionStatus>();
    check::<Priority>();
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
    assert_eq!(Priority::Medium.to_string(), "medium");
}
