//! What the vendor writes where its pages say something else, and what is made of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use qase_webhooks::attachment::Attachment;
use qase_webhooks::case::TestCase;
use qase_webhooks::plan::PlanCases;
use qase_webhooks::{Envelope as _, Event, Webhook};
use serde_json::{Value, json};
use webhook_core::describe::{Field, Shape};
use webhook_core::drift;

use crate::{payload, webhook};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_run_is_read_as_the_front_page_does() {
    let event = crate::event(
        "run.completed",
        &json!({"id": 902, "cases": 265, "passed": 251, "failed": 9, "blocked": 2, "duration": 5_412_883}),
    );
    let Event::RunCompleted(run) = &event else { panic!("{event:?}") };
    assert_eq!((run.passed, run.cases, run.duration_ms), (Some(251), Some(265), Some(5_412_883)));
    assert_eq!((run.skipped, run.untested), (None, None));
}

#[test]
fn zero_is_no_team_member() {
    let member =
        |id| webhook(&json!({"event_name": "x", "timestamp": 0, "payload": {}, "team_member_id": id}));
    assert_eq!(member(json!(0)).team_member_id, Some(0));
    assert_eq!(member(json!(0)).team_member(), None);
    assert_eq!(member(json!("7012")).team_member(), Some(7012));
    assert_eq!(member(json!(null)).team_member(), None);
    assert_eq!(member(json!(3_000_000_000_u64)).team_member(), Some(3_000_000_000));
}

#[test]
fn the_present_name_of_the_event_wins_over_the_old_one() {
    for body in [
        r#"{"event":"run.finished","event_name":"run.deleted","timestamp":1,"payload":{"id":1}}"#,
        r#"{"event_name":"run.deleted","event":"run.finished","timestamp":1,"payload":{"id":1}}"#,
        r#"{"event_name":"run.deleted","payload":{"id":1},"event":"run.finished","timestamp":1}"#,
        r#"{"payload":{"id":1},"event":"run.finished","timestamp":1,"event_name":"run.deleted"}"#,
        r#"{"event":"run.deleted","timestamp":1,"payload":{"id":1}}"#,
    ] {
        assert_eq!(Webhook::from_slice(body.as_bytes()).unwrap().name(), "run.deleted", "{body}");
    }
}

#[test]
fn of_a_changed_case_whatever_came_is_there() {
    let change = payload!(CaseUpdated, {"id": 4821});
    assert_eq!((change.case.id, change.from_id), (4821, None));
    assert_eq!(change.case, TestCase::new(4821));
    assert!(change.has_only_ids() && payload!(CaseCloned, {"id": 4822, "from_id": 4821}).has_only_ids());
    let change = payload!(CaseDeleted, {"id": 4821, "suite_id": 77, "status": {"id": 1, "title": "Draft"}});
    assert!(!change.has_only_ids());
    assert_eq!((change.case.suite_id, change.case.title), (Some(77), None));
    assert_eq!(change.case.status.unwrap().title(), Some("Draft"));
    let change = payload!(CaseCloned, {"title": null, "from_id": "4821", "id": "4823"});
    assert_eq!((change.case.id, change.from_id), (4823, Some(4821)));
}

#[test]
fn a_step_may_be_marked_by_a_hash() {
    let case = payload!(CaseCreated, {"id": 1, "steps": [
        {"shared": true}, {"shared": 1}, {"shared": "1"}, {"shared": "a4c1"},
        {"shared": false}, {"shared": 0}, {"shared": "0"}, {"shared": "false"}, {"shared": ""}, {"shared": null}, {},
    ]});
    let shared: Vec<_> = case.steps.iter().map(|step| step.shared).collect();
    assert_eq!(shared[..4], [Some(true); 4]);
    assert_eq!(shared[4..8], [Some(false); 4]);
    assert_eq!(shared[8..], [None; 3]);
}

#[test]
fn the_value_of_a_custom_field_is_text_where_it_can_be() {
    let text = |value| {
        payload!(CaseCreated, {"id": 1, "custom_fields": [{"field_id": "57", "value": value}]}).custom_fields
            [0]
        .text()
    };
    assert_eq!(text(json!("12")).as_deref(), Some("12"));
    assert_eq!(text(json!("a \"pilot\"")).as_deref(), Some("a \"pilot\""));
    assert_eq!(text(json!("")).as_deref(), Some(""));
    assert_eq!(text(json!(12.5)).as_deref(), Some("12.5"));
    assert_eq!(text(json!(true)).as_deref(), Some("true"));
    assert_eq!(text(json!(null)), None);
    assert_eq!(text(json!({"1": "Alpha"})), None);
    assert_eq!(text(json!(["1"])), None);
}

#[test]
fn the_choices_of_a_custom_field_are_json_in_a_text() {
    let choices = |value| payload!(CustomFieldCreated, {"id": 1, "value": value}).choices();
    assert_eq!(choices(json!("[]")).unwrap().get(), "[]");
    assert_eq!(choices(json!(r#"[{"id":1}]"#)).unwrap().get(), r#"[{"id":1}]"#);
    assert_eq!(choices(json!({"1": "Alpha"})).unwrap().get(), r#"{"1":"Alpha"}"#);
    assert_eq!(choices(json!("no JSON")), None);
    assert_eq!(choices(json!(null)), None);
}

#[test]
fn a_default_value_is_text_whatever_it_was() {
    for (value, text) in [
        (r#""""#, ""),
        (r#""1""#, "1"),
        ("1", "1"),
        ("-1", "-1"),
        ("2.0", "2.0"),
        ("1.5", "1.5"),
        ("1e300", "1e300"),
        ("false", "false"),
    ] {
        let body = format!(
            r#"{{"event_name":"custom_field.created","timestamp":1,"payload":{{"id":1,"default_value":{value}}}}}"#
        );
        let Event::CustomFieldCreated(field) = Webhook::from_slice(body.as_bytes()).unwrap().event else {
            panic!("{value}");
        };
        assert_eq!(field.default_value.as_deref(), Some(text));
    }
}

#[test]
fn the_present_key_wins_over_an_alias_in_any_order() {
    for body in [r#"{"id":1,"skiped":9,"skipped":1"#, r#"{"id":1,"skipped":1,"skiped":9"#] {
        let body = format!(
            r#"{{"event_name":"run.aborted","timestamp":1,"payload":{body},"cases":4,"passed":1,"failed":0,"blocked":0}}}}"#
        );
        let Event::RunAborted(run) = Webhook::from_slice(body.as_bytes()).unwrap().event else {
            panic!("{body}")
        };
        assert_eq!(run.skipped, Some(1));
    }
}

#[test]
fn a_plan_is_an_object_an_id_or_nothing() {
    let plan = |plan| payload!(RunStarted, {"id": 1, "plan": plan}).plan;
    let full = plan(json!({"id": 19, "title": "Launch week"})).unwrap();
    assert_eq!((full.id, full.title.as_deref()), (Some(19), Some("Launch week")));
    for bare in [json!(19), json!("19"), json!({"id": 19})] {
        let bare = plan(bare).unwrap();
        assert_eq!((bare.id, bare.title), (Some(19), None));
    }
    let named = plan(json!({"title": "Launch week"})).unwrap();
    assert_eq!((named.id, named.title.as_deref()), (None, Some("Launch week")));
    for none in [json!(null), json!({}), json!([]), json!("nightly"), json!(-1)] {
        assert_eq!(plan(none.clone()), None);
        let by_other_key = payload!(RunStarted, {"id": 1, "plan_id": 8, "plan": none}).plan.unwrap();
        assert_eq!(by_other_key.id, Some(8));
    }
}

#[test]
fn an_environment_may_be_an_object_around_its_slug() {
    let slug = |environment| payload!(RunStarted, {"id": 1, "environment": environment}).environment;
    assert_eq!(slug(json!("staging-eu")).as_deref(), Some("staging-eu"));
    assert_eq!(
        slug(json!({"id": 3, "slug": "staging-eu", "title": "Staging"})).as_deref(),
        Some("staging-eu")
    );
    for none in [json!(null), json!({"slug": null}), json!({}), json!([])] {
        assert_eq!(slug(none), None);
    }
}

#[test]
fn added_cases_are_a_count_or_are_counted() {
    let added = |added| payload!(RunUpdated, {"id": 1, "cases_added": added}).cases_added;
    assert_eq!(added(json!(5)), Some(5));
    assert_eq!(added(json!("5")), Some(5));
    assert_eq!(added(json!([4821, {"id": 4822}])), Some(2));
    assert_eq!(added(json!([4821, null])), Some(2));
    assert_eq!(added(json!({"0": 4821, "2": 4823})), Some(2));
    assert_eq!(added(json!([])), Some(0));
    assert_eq!(added(json!("many")), None);
    assert_eq!(added(json!(null)), None);
}

fn plan_cases(json: &str) -> Option<Vec<(u64, Option<i64>)>> {
    let body =
        format!(r#"{{"event_name":"plan.updated","timestamp":1,"payload":{{"id":1,"cases":{json}}}}}"#);
    let Event::PlanUpdated(plan) = Webhook::from_slice(body.as_bytes()).unwrap().event else {
        panic!("{json}")
    };
    plan.cases.map(|cases| cases.iter().copied().collect())
}

#[test]
fn the_cases_of_a_plan_keep_the_order_and_repetition_of_the_vendor() {
    for (json, cases) in [
        (r#"{"4822":"7012","4821":0,"41":null}"#, vec![(4822, Some(7012)), (4821, Some(0)), (41, None)]),
        (r#"{"7":1,"7":2,"07":3}"#, vec![(7, Some(1)), (7, Some(2)), (7, Some(3))]),
        (r#"{"7":"nobody"}"#, vec![(7, None)]),
        (r#"{"nightly":1,"+7":1,"-7":1,"":1,"7":1}"#, vec![(7, Some(1))]),
        // Not keyed by position: the elements are the ids.
        (r#"[47,"41",47.0]"#, vec![(47, None), (41, None), (47, None)]),
        (r#"{"0":47,"2":41}"#, vec![(47, None), (41, None)]),
        (r#"[{"case_id":47},{"id":"41"},{"title":"x"},null,true]"#, vec![(47, None), (41, None)]),
        ("[]", vec![]),
        ("{}", vec![]),
    ] {
        assert_eq!(plan_cases(json), Some(cases), "{json}");
    }
    for none in ["null", "false", r#""""#, "7"] {
        assert_eq!(plan_cases(none), None, "{none}");
    }
}

#[test]
fn the_cases_of_a_plan_are_found_by_id() {
    let plan = payload!(PlanCreated, {"id": 1, "cases": {"41": null, "4821": 0, "4822": 7012}});
    let cases = plan.cases.unwrap();
    assert_eq!(cases.ids().collect::<Vec<_>>(), [41, 4821, 4822]);
    assert_eq!((cases.number(4822), cases.number(4821), cases.number(41)), (Some(7012), Some(0), None));
    assert!(cases.contains(41) && !cases.contains(42));
    assert_eq!((&cases).into_iter().count(), cases.len());
    assert_eq!(PlanCases::from_iter([(41, None), (4821, Some(0)), (4822, Some(7012))]), cases);
}

#[test]
fn a_key_that_is_not_the_id_of_a_case_is_left_out_and_reported() {
    // With 0 first it is a list by position, but not with a key that is no number.
    for (key, cases) in [
        ("+7", r#"{"41":null,"+7":5}"#),
        ("0", r#"{"41":null,"0":5}"#),
        ("0", r#"{"0":5,"41":null,"x":null}"#),
        ("x", r#"{"41":null,"x":5}"#),
        ("", r#"{"41":null,"":5}"#),
    ] {
        let body =
            format!(r#"{{"event_name":"plan.created","timestamp":1,"payload":{{"id":1,"cases":{cases}}}}}"#);
        let decoded = drift::decode::<Webhook>(body.as_bytes()).unwrap();
        let Event::PlanCreated(plan) = &decoded.webhook.event else { panic!("{body}") };
        assert_eq!(plan.cases.as_ref().unwrap().ids().collect::<Vec<_>>(), [41], "{key}");
        let mut path = "payload.cases".to_owned();
        webhook_core::describe::write_key(&mut path, key).unwrap();
        let is_reported =
            |finding: &drift::Drift| finding.path == path && finding.kind == drift::DriftKind::UnknownField;
        assert!(decoded.drift.iter().any(is_reported), "{key}: {:?}", decoded.drift);
    }
}

#[test]
fn an_element_that_is_left_out_is_reported() {
    let body =
        r#"{"event_name":"defect.created","timestamp":1,"payload":{"id":1,"attachments":["",false,[],{}]}}"#;
    let decoded = drift::decode::<Webhook>(body.as_bytes()).unwrap();
    let paths: Vec<_> = decoded.drift.iter().map(|finding| finding.path.as_str()).collect();
    for path in ["payload.attachments[0]", "payload.attachments[1]", "payload.attachments[2]"] {
        assert!(paths.contains(&path), "{path}: {paths:?}");
    }
    assert!(!paths.contains(&"payload.attachments[3]"), "{paths:?}");
}

#[test]
fn a_hash_that_looks_like_a_number_keeps_its_characters() {
    let defect = payload!(DefectCreated, {"id": 1, "attachments": ["0042", "12e3", "1.0", "42", 7]});
    let hash = |text: &str| Attachment::Hash(text.into());
    let expected = [hash("0042"), hash("12e3"), hash("1.0"), Attachment::Id(42), Attachment::Id(7)];
    assert_eq!(defect.attachments, expected);
    assert_eq!(serde_json::to_value(&defect).unwrap()["attachments"], json!(["0042", "12e3", "1.0", 42, 7]));
}

#[test]
fn a_shared_step_hash_is_not_parsed() {
    let step = payload!(SharedStepDeleted, {"hash": "2563d587b756110934vea4185ce31b2b0dbf457c"});
    assert_eq!(step.hash, "2563d587b756110934vea4185ce31b2b0dbf457c");
}

#[test]
fn an_attachment_is_an_id_a_hash_or_an_object() {
    let defect =
        payload!(DefectCreated, {"id": 1, "attachments": [501, "502", {"mime": "image/png", "size": "7"}]});
    assert_eq!(defect.attachments[0], Attachment::Id(501));
    assert_eq!(defect.attachments[1], Attachment::Id(502));
    let info = defect.attachments[2].info().unwrap();
    assert_eq!((info.mime.as_deref(), info.size_bytes, &info.url), (Some("image/png"), Some(7), &None));
    let defect = payload!(DefectCreated, {"id": 1, "attachments": ["b0eb53f1", "", false, null, [], -1]});
    assert_eq!(defect.attachments, [Attachment::Hash("b0eb53f1".into())]);
}

#[test]
fn a_time_without_a_zone_is_utc() {
    for (text, expected) in [
        ("2026-02-03 08:15:09", "2026-02-03T08:15:09Z"),
        ("2020-03-14T15:04:08.250000Z", "2020-03-14T15:04:08.25Z"),
        ("2026-02-03T09:15:09+01:00", "2026-02-03T08:15:09Z"),
    ] {
        let review = payload!(ReviewCreated, {"id": "14", "created": text});
        assert_eq!(review.created, Some(time(expected)), "{text}");
        assert_eq!(payload!(ReviewReopened, {"id": 1, "created": text}).updated, Some(time(expected)));
    }
    let webhook = webhook(&json!({"event_name": "x", "timestamp": 1_770_106_509}));
    assert_eq!(webhook.timestamp, Some(time("2026-02-03T08:15:09Z")));
}

#[test]
fn empty_maps_are_lists_in_a_review() {
    for empty in [json!([]), json!({}), json!(null)] {
        let review = payload!(ReviewReopened, {"id": 1, "data": {"params": empty, "custom_field": empty}});
        let data = review.data.unwrap();
        let came = (!empty.is_null()).then(BTreeMap::new);
        assert_eq!((data.params, data.custom_fields), (came.clone(), came));
    }
    let review = payload!(ReviewUpdated, {"id": 1, "data": {
        "params": {"door": ["left", "right"]}, "custom_fields": ["x", "y"],
    }});
    let data = review.data.unwrap();
    assert_eq!(data.params.unwrap()["door"].get(), r#"["left","right"]"#);
    assert_eq!(data.custom_fields.unwrap()["1"].as_text().as_deref(), Some("y"));
}

#[test]
fn a_tag_may_be_an_object_around_its_title() {
    let review = payload!(ReviewUpdated, {"id": 1, "data": {
        "tags": ["clamp", {"id": 4, "title": "safety"}, {"title": null}, {}, null],
    }});
    assert_eq!(review.data.unwrap().tags.unwrap(), ["clamp", "safety"]);
    assert_eq!(payload!(ReviewUpdated, {"id": 1, "data": {"tags": null}}).data.unwrap().tags, None);
}

/// An empty object is a proposal that says nothing, and none of its keys is missed.
#[test]
fn a_proposal_may_be_empty() {
    let review = payload!(ReviewReopened, {"id": 1, "data": {}});
    assert_eq!(review.data.unwrap().title, None);
    #[cfg(feature = "drift")]
    {
        let body = crate::envelope(
            "review.reopened",
            &json!({
                "id": 1, "title": "", "case_id": 1, "project": "ORBIT", "data": {}, "approves": [],
                "updated_by": {"email": "", "name": ""}, "updated": "2026-02-03 08:15:09",
            }),
        );
        assert_eq!(webhook_core::drift::of::<Webhook>(body.to_string().as_bytes()), []);
    }
}

/// The other spelling counts where the preferred one has no usable value, in either order.
#[test]
fn the_first_spelling_with_a_usable_value_wins() {
    fn written(name: &str, payload: &str) -> Value {
        let body = format!(r#"{{"event_name":"{name}","timestamp":1,"payload":{payload}}}"#);
        let webhook = Webhook::from_slice(body.as_bytes()).unwrap();
        serde_json::to_value(webhook).unwrap()["payload"].clone()
    }
    for (name, payload, key, value) in [
        ("shared_step.updated", r#"{"hash":null,"id":"0f0f"}"#, "hash", json!("0f0f")),
        ("shared_step.updated", r#"{"id":"0f0f","hash":null}"#, "hash", json!("0f0f")),
        ("shared_step.updated", r#"{"hash":"","id":"0f0f"}"#, "hash", json!("0f0f")),
        ("shared_step.updated", r#"{"id":44,"hash":"0f0f"}"#, "hash", json!("0f0f")),
        ("shared_step.updated", r#"{"hash":"0f0f","id":44}"#, "hash", json!("0f0f")),
        ("run.aborted", r#"{"id":1,"skipped":null,"skiped":2}"#, "skipped", json!(2)),
        ("run.aborted", r#"{"id":1,"skiped":2,"skipped":"none"}"#, "skipped", json!(2)),
        ("run.updated", r#"{"id":1,"cases_added":null,"cases_count":5}"#, "cases_added", json!(5)),
        ("run.updated", r#"{"id":1,"cases_count":5,"cases_added":2}"#, "cases_added", json!(2)),
        ("custom_field.updated", r#"{"id":1,"isRequired":null,"is_required":1}"#, "isRequired", json!(true)),
        (
            "review.updated",
            r#"{"id":1,"updated":"","created":"2026-02-03"}"#,
            "updated",
            json!("2026-02-03 00:00:00"),
        ),
    ] {
        assert_eq!(written(name, payload)[key], value, "{payload}");
    }
}

#[test]
fn the_envelope_needs_nothing_but_its_name() {
    for timestamp in [json!(null), json!("yesterday"), json!([]), json!(""), json!(2e300)] {
        let webhook = webhook(&json!({
            "event_name": "run.deleted", "timestamp": timestamp, "payload": {"id": 1}, "team_member_id": "x",
            "project_code": "",
        }));
        assert_eq!((webhook.timestamp, webhook.occurred_at()), (None, None), "{timestamp}");
        assert_eq!((webhook.team_member_id, webhook.project_code), (None, None));
    }
    assert_eq!(webhook(&json!({"event_name": "run.deleted", "payload": {"id": 1}})).timestamp, None);
}

/// An integer beyond the year 9999 is no number of seconds.
#[test]
fn a_time_in_milliseconds_is_read_as_one() {
    for timestamp in ["1772366400000", "1772366400000000", r#""1772366400000""#] {
        let body = format!(r#"{{"event_name":"run.deleted","timestamp":{timestamp},"payload":{{"id":1}}}}"#);
        let read = Webhook::from_slice(body.as_bytes()).unwrap();
        assert_eq!(read.timestamp, Some(time("2026-03-01T12:00:00Z")), "{timestamp}");
        let drift = webhook_core::drift::of::<Webhook>(body.as_bytes());
        assert!(drift.iter().any(|finding| finding.path == "timestamp"), "{drift:?}");
    }
}

#[test]
fn a_missing_name_is_looked_for_under_its_old_key() {
    for name in [r#""event_name":null,"event":"run.deleted""#, r#""event":"run.deleted","event_name":7"#] {
        let body = format!(r#"{{{name},"timestamp":1,"payload":{{"id":1}}}}"#);
        assert_eq!(Webhook::from_slice(body.as_bytes()).unwrap().name(), "run.deleted");
    }
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let body = "\u{feff}{\"event_name\":\"run.deleted\",\"timestamp\":1,\"payload\":{\"id\":1}}";
    assert_eq!(Webhook::from_slice(body.as_bytes()).unwrap().name(), "run.deleted");
}

/// A text that is no Unicode cannot be read; what stands beside it can.
#[test]
fn a_lone_surrogate_costs_its_own_field() {
    let body =
        r#"{"event_name":"case.updated","timestamp":1,"payload":{"id":1,"title":"\ud800","suite_id":7}}"#;
    let Event::CaseUpdated(change) = Webhook::from_slice(body.as_bytes()).unwrap().event else {
        panic!("another event")
    };
    assert_eq!((change.case.title, change.case.suite_id), (None, Some(7)));
    let drift = webhook_core::drift::of::<Webhook>(body.as_bytes());
    assert!(drift.iter().any(|finding| finding.path == "payload.title"), "{drift:?}");
}

/// Nothing but the identity is worth losing an event for: any other key may be `null` or missing.
#[test]
fn no_other_key_is_required() {
    for info in Webhook::catalogue() {
        let Shape::Object { fields, .. } =
            <Event as webhook_core::Events>::payload_shape(info.name.parse().unwrap())
        else {
            panic!("{} has no object", info.name);
        };
        let identity = |field: &Field| {
            if (field.shape)().expected().starts_with("an integer") { json!(1) } else { json!("a4c1") }
        };
        let (least, rest): (Vec<_>, Vec<_>) = fields().iter().partition(|field| field.identity);
        assert_eq!(least.len(), 1, "{}", info.name);
        let least = least.into_iter().map(|field: &Field| (field.name.to_owned(), identity(field)));
        let nulls = rest.into_iter().map(|field| (field.name.to_owned(), json!(null)));
        for payload in [least.clone().collect::<Value>(), least.chain(nulls).collect()] {
            assert!(crate::event(info.name, &payload).listed_name().is_some());
        }
    }
}
