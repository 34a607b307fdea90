//! The events for results, which the vendor announces and does not describe.

use qase_webhooks::result::{ResultAction, ResultEvent, ResultStatus, ResultView};
use qase_webhooks::{Envelope as _, Event};
use serde_json::{Value, json};

use crate::{envelope, event, webhook};

fn result(name: &str, payload: &Value) -> ResultEvent {
    match event(name, payload) {
        Event::Result(event) => event,
        other => panic!("{name}: {other:?}"),
    }
}

fn view(payload: &Value) -> ResultView {
    let mut views = result("result.created", payload).results();
    assert_eq!(views.len(), 1);
    views.remove(0)
}

#[test]
fn the_family_is_told_by_its_name() {
    for name in [
        "result.created",
        "results.imported",
        "result",
        "run_result.deleted",
        "run_results.deleted",
        "test_result.updated",
        "test_run_result.updated",
        "run.result_created",
        "run.results.deleted",
    ] {
        let event = result(name, &json!(null));
        assert_eq!(event.name(), name);
    }
}

#[test]
fn what_only_resembles_the_family_is_unlisted() {
    for name in ["run.unresult", "run.restarted", "my_result.created", "resultset.created", "Result.created"]
    {
        assert!(matches!(event(name, &json!({})), Event::Unlisted(_)), "{name}");
    }
}

#[test]
fn the_family_is_outside_the_list() {
    let webhook = webhook(&envelope("result.created", &json!({})));
    assert_eq!(webhook.info(), None);
    assert_eq!(webhook.event.listed_name(), None);
}

#[test]
fn the_action_is_the_last_word_of_the_name() {
    let action = |name| result(name, &json!({})).action();
    assert_eq!(action("result.created"), ResultAction::Created);
    assert_eq!(action("run.result_updated"), ResultAction::Updated);
    assert_eq!(action("run_result.deleted"), ResultAction::Deleted);
    assert_eq!(action("results.imported").as_str(), "imported");
    assert_eq!(action("results.imported").listed(), None);
}

#[test]
fn no_payload_is_refused() {
    for payload in [json!(null), json!(1), json!("text"), json!(true), json!([]), json!([[1], null, "text"])]
    {
        let event = result("result.created", &payload);
        assert_eq!(event.payload().get(), payload.to_string());
        assert_eq!(event.results(), []);
    }
}

#[test]
fn a_result_is_read_out_of_an_object() {
    let view = view(&json!({
        "id": "5", "hash": "ff92", "run_id": 902, "case_id": "4821", "status": "in_progress", "comment": "",
        "time_spent_ms": 1830, "anything": {},
    }));
    assert_eq!(view.id, Some(5));
    assert_eq!(view.hash.as_deref(), Some("ff92"));
    assert_eq!((view.run_id, view.case_id), (Some(902), Some(4821)));
    assert_eq!(view.status.unwrap(), ResultStatus::InProgress);
    assert_eq!(view.comment.as_deref(), Some(""));
    assert_eq!(view.time_spent_ms, Some(1830));
}

#[test]
fn a_result_is_read_by_its_other_keys() {
    let view = view(&json!({"result_hash": "ff92", "run": 902, "case": 4821}));
    assert_eq!(view.hash.as_deref(), Some("ff92"));
    assert_eq!((view.run_id, view.case_id), (Some(902), Some(4821)));
}

#[test]
fn the_first_key_of_the_right_type_counts() {
    assert_eq!(view(&json!({"run": 1, "run_id": 2})).run_id, Some(2));
    assert_eq!(view(&json!({"run": 1, "run_id": {"id": 2}})).run_id, Some(1));
}

#[test]
fn what_has_another_type_is_absent() {
    let view = view(&json!({
        "id": -5, "hash": 9, "run_id": null, "case_id": 1.5, "status": 1, "comment": [], "time_spent_ms": "soon",
    }));
    assert_eq!(view, ResultView::default());
}

#[test]
fn a_list_holds_one_result_per_object() {
    let event = result("results.created", &json!([{"case_id": 1}, "text", {"case_id": 2}]));
    let cases: Vec<_> = event.results().iter().map(|view| view.case_id).collect();
    assert_eq!(cases, [Some(1), Some(2)]);
}
