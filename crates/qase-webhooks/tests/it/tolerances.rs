//! What the vendor writes where its pages say something else, and what is made of it.

use chrono::{DateTime, Utc};
use qase_webhooks::attachment::Attachment;
use qase_webhooks::{Envelope as _, Event, Webhook};
use serde_json::json;

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
    let (passed, cases): (u64, u64) = (run.passed, run.cases);
    assert_eq!((passed, cases, run.duration_ms), (251, 265, Some(5_412_883)));
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
fn only_a_title_makes_a_changed_case_whole() {
    let change = payload!(CaseUpdated, {"id": 4821});
    assert_eq!((change.id, change.from_id), (4821, None));
    assert_eq!(change.case, None);
    let change = payload!(CaseDeleted, {"id": 4821, "suite_id": 77});
    assert_eq!(change.case, None);
    let change = payload!(CaseCloned, {"title": null, "from_id": "4821", "id": "4823"});
    assert_eq!((change.id, change.from_id), (4823, Some(4821)));
    let case = change.case.unwrap();
    assert_eq!((case.id, case.title), (4823, None));
}

#[test]
fn a_step_may_be_marked_by_a_hash() {
    let case = payload!(CaseCreated, {"id": 1, "steps": [
        {"shared": true}, {"shared": 1}, {"shared": "1"}, {"shared": "a4c1"},
        {"shared": false}, {"shared": 0}, {"shared": "0"}, {"shared": ""}, {"shared": null}, {},
    ]});
    let shared: Vec<_> = case.steps.iter().map(|step| step.shared).collect();
    assert_eq!(shared[..4], [Some(true); 4]);
    assert_eq!(shared[4..8], [Some(false); 4]);
    assert_eq!(shared[8..], [None; 2]);
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
    assert_eq!((full.id, full.title.as_deref()), (19, Some("Launch week")));
    for bare in [json!(19), json!("19"), json!({"id": 19})] {
        let bare = plan(bare).unwrap();
        assert_eq!((bare.id, bare.title), (19, None));
    }
    assert_eq!(plan(json!(null)), None);
    assert_eq!(payload!(RunStarted, {"id": 1, "plan_id": 19}).plan.unwrap().id, 19);
}

#[test]
fn an_environment_may_be_an_object_around_its_slug() {
    let slug = |environment| payload!(RunStarted, {"id": 1, "environment": environment}).environment;
    assert_eq!(slug(json!("staging-eu")).as_deref(), Some("staging-eu"));
    assert_eq!(
        slug(json!({"id": 3, "slug": "staging-eu", "title": "Staging"})).as_deref(),
        Some("staging-eu")
    );
    for none in [json!(null), json!({"slug": null}), json!({})] {
        assert_eq!(slug(none), None);
    }
}

#[test]
fn added_cases_are_a_count_or_are_counted() {
    let added = |added| payload!(RunUpdated, {"id": 1, "cases_added": added}).cases_added;
    assert_eq!(added(json!(5)), Some(5));
    assert_eq!(added(json!("5")), Some(5));
    assert_eq!(added(json!([4821, {"id": 4822}])), Some(2));
    assert_eq!(added(json!([])), Some(0));
    assert_eq!(added(json!(null)), None);
}

#[test]
fn the_cases_of_a_plan_are_a_map_or_a_list_of_ids() {
    let cases =
        payload!(PlanCreated, {"id": 1, "cases": {"4822": "7012", "4821": 0, "41": null}}).cases.unwrap();
    assert_eq!(cases.ids().collect::<Vec<_>>(), [41, 4821, 4822]);
    assert_eq!((cases.number(4822), cases.number(4821), cases.number(41)), (Some(7012), Some(0), None));
    assert!(cases.contains(41) && !cases.contains(42));
    // Not keyed by position: the elements are the ids.
    let cases = payload!(PlanCreated, {"id": 1, "cases": [47, "41"]}).cases.unwrap();
    assert_eq!(cases.ids().collect::<Vec<_>>(), [41, 47]);
    assert_eq!(cases.number(41), None);
    assert_eq!((&cases).into_iter().count(), cases.len());
    for empty in [json!([]), json!({})] {
        assert!(payload!(PlanCreated, {"id": 1, "cases": empty}).cases.unwrap().is_empty());
    }
    assert_eq!(payload!(PlanCreated, {"id": 1, "cases": null}).cases, None);
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
    assert_eq!(defect.attachments[1], Attachment::Hash("502".to_owned()));
    let info = defect.attachments[2].info().unwrap();
    assert_eq!((info.mime.as_deref(), info.size_bytes, &info.url), (Some("image/png"), Some(7), &None));
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
    assert_eq!(webhook.timestamp, time("2026-02-03T08:15:09Z"));
}

#[test]
fn empty_maps_are_lists_in_a_review() {
    for empty in [json!([]), json!({}), json!(null)] {
        let review = payload!(ReviewReopened, {"id": 1, "data": {"params": empty, "custom_field": empty}});
        let data = review.data.unwrap();
        assert!(data.params.is_empty());
        assert!(data.custom_fields.unwrap_or_default().is_empty());
    }
    let review = payload!(ReviewUpdated, {"id": 1, "data": {
        "params": {"door": ["left", "right"]}, "custom_fields": ["x", "y"],
    }});
    let data = review.data.unwrap();
    assert_eq!(data.params["door"].get(), r#"["left","right"]"#);
    assert_eq!(data.custom_fields.unwrap()["1"].as_text().as_deref(), Some("y"));
}

#[test]
fn a_tag_may_be_an_object_around_its_title() {
    let review = payload!(ReviewUpdated, {"id": 1, "data": {
        "tags": ["clamp", {"id": 4, "title": "safety"}, {"title": null}, {}, null],
    }});
    assert_eq!(review.data.unwrap().tags, ["clamp", "safety"]);
    assert!(payload!(ReviewUpdated, {"id": 1, "data": {"tags": null}}).data.unwrap().tags.is_empty());
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

/// Nothing but ids and the counters of a run is worth losing an event for: any other key may be `null` or missing.
#[test]
fn no_other_key_is_required() {
    for info in Webhook::catalogue() {
        let webhook_core::shape::Shape::Object { fields, .. } =
            <Event as webhook_core::Events>::payload_shape(info.name.parse().unwrap())
        else {
            panic!("{} has no object", info.name);
        };
        let counters = matches!(info.name, "run.completed" | "run.aborted");
        let mut nulls = serde_json::Map::new();
        let mut least = serde_json::Map::new();
        for field in fields() {
            let value = match field.name {
                "id" => json!(1),
                "hash" => json!("a4c1"),
                "cases" | "passed" | "failed" | "blocked" if counters => json!(0),
                _ => json!(null),
            };
            if !value.is_null() {
                least.insert(field.name.to_owned(), value.clone());
            }
            nulls.insert(field.name.to_owned(), value);
        }
        for payload in [nulls, least] {
            assert!(crate::event(info.name, &payload.into()).listed_name().is_some());
        }
    }
}
