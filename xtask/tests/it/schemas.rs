//! Everything that is read without an unexpected value validates: fixtures, and fixtures in which a key is removed, a
//! value is `null`, or a value has another type.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use jsonschema::Validator;
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};
use webhook_core::drift::{self, DriftKind};
use webhook_core::{Envelope, schema};

#[test]
fn qase_fixtures_validate() {
    every_fixture_validates::<qase_webhooks::Webhook>();
}

#[test]
fn deepsource_fixtures_validate() {
    every_fixture_validates::<deepsource_webhooks::Webhook>();
}

#[test]
fn monitorqa_fixtures_validate() {
    every_fixture_validates::<monitorqa_webhooks::Webhook>();
}

/// `null` in every place that takes one, all at once.
#[test]
fn nulls_everywhere_validate() {
    fn check<T: Envelope>() {
        for fixture in fixtures(T::VENDOR).into_iter().filter(|fixture| is_listed::<T>(&fixture.event)) {
            let mut body = fixture.body;
            if !is_read::<T>(&body, &fixture.event) {
                continue;
            }
            let schema = validator(&document(T::VENDOR, &fixture.event));
            // From the innermost, so that a value is not replaced before its parts.
            for pointer in pointers(&body).iter().rev() {
                let before = body.pointer_mut(pointer).unwrap().take();
                if !is_read::<T>(&body, &fixture.event) {
                    *body.pointer_mut(pointer).unwrap() = before;
                }
                assert!(schema.is_valid(&body), "{}/{}: {body}", fixture.event, fixture.case);
            }
        }
    }
    check::<qase_webhooks::Webhook>();
    check::<deepsource_webhooks::Webhook>();
    check::<monitorqa_webhooks::Webhook>();
}

/// The schema of an event shows a payload of that event, and so does the OpenAPI document.
#[test]
fn every_event_has_an_example() {
    fn check<T: Envelope>() {
        let openapi = document(T::VENDOR, "openapi");
        for info in T::catalogue() {
            let document = document(T::VENDOR, info.name);
            let example = &document["examples"][0];
            assert_eq!(example[T::NAME_KEY], info.name);
            assert!(validator(&document).is_valid(example), "{}", info.name);
            let content = &openapi["webhooks"][info.name]["post"]["requestBody"]["content"];
            assert_eq!(content["application/json"]["examples"]["sample"]["value"], *example, "{}", info.name);
        }
    }
    check::<qase_webhooks::Webhook>();
    check::<deepsource_webhooks::Webhook>();
    check::<monitorqa_webhooks::Webhook>();
}

/// Examples show what the vendor sends, not every accepted form.
#[test]
fn an_example_is_in_canonical_spelling() {
    // The vendor's own page has `"id": "4821"` here.
    const DOCUMENTED_SO: [&str; 1] = ["review.reopened"];
    fn check<T: Envelope>() {
        let components = document(T::VENDOR, "canonical.openapi")["components"].clone();
        let canonical =
            validator(&json!({ "$ref": "#/components/schemas/Delivery", "components": components }));
        for info in T::catalogue() {
            let example = &document(T::VENDOR, info.name)["examples"][0];
            let expected = !DOCUMENTED_SO.contains(&info.name);
            assert_eq!(canonical.is_valid(example), expected, "{}: {example}", info.name);
        }
    }
    check::<qase_webhooks::Webhook>();
    check::<deepsource_webhooks::Webhook>();
    check::<monitorqa_webhooks::Webhook>();
}

#[test]
fn whatever_is_read_of_qase_validates() {
    whatever_is_read_validates::<qase_webhooks::Webhook>();
}

#[test]
fn whatever_is_read_of_deepsource_validates() {
    whatever_is_read_validates::<deepsource_webhooks::Webhook>();
}

#[test]
fn whatever_is_read_of_monitorqa_validates() {
    whatever_is_read_validates::<monitorqa_webhooks::Webhook>();
}

/// A schema that accepts everything would pass the tests above.
#[test]
fn unusable_values_do_not_validate() {
    for (vendor, event, body) in [
        ("qase", "run.completed", json!({"event_name": "run.completed", "timestamp": 1, "payload": {}})),
        (
            "qase",
            "run.completed",
            json!({"event_name": "run.completed", "timestamp": 1, "payload": {"id": -1}}),
        ),
        (
            "qase",
            "run.completed",
            json!({"event_name": "run.completed", "timestamp": "x", "payload": {"id": 1}}),
        ),
        ("qase", "run.completed", json!({"event_name": "run.deleted", "timestamp": 1, "payload": {"id": 1}})),
        ("qase", "run.completed", json!({"event": "run.deleted", "timestamp": 1, "payload": {"id": 1}})),
        ("qase", "run.completed", json!({"event_name": "run.completed", "timestamp": 1})),
        (
            "deepsource",
            "analysis_run.updated",
            json!({"id": "1", "type": "analysis_run.updated", "data": {}}),
        ),
        ("monitorqa", "AUDIT_DELETED", json!({"event": "AUDIT_DELETED", "data": {"auditId": ""}})),
        ("monitorqa", "AUDIT_DELETED", json!(["event", "AUDIT_DELETED"])),
    ] {
        assert!(!validator(&document(vendor, event)).is_valid(&body), "{vendor} {event}: {body}");
    }
}

/// Refused fixtures lack a usable identity, which a schema can say.
#[test]
fn refused_fixtures_do_not_validate() {
    for vendor in ["qase", "deepsource", "monitorqa"] {
        let fixtures = fixtures(vendor);
        let refused =
            fixtures.iter().filter(|fixture| fixture.refused && path(vendor, &fixture.event).exists());
        for fixture in refused {
            let schema = validator(&document(vendor, &fixture.event));
            assert!(!schema.is_valid(&fixture.body), "{vendor} {}/{}", fixture.event, fixture.case);
        }
    }
}

/// An unusable value does not validate, although the delivery decodes without it.
#[test]
fn an_unexpected_value_does_not_validate() {
    fn check<T: Envelope>(names: &mut Vec<String>) {
        let fixtures = fixtures(T::VENDOR);
        let listed = fixtures.iter().filter(|fixture| !fixture.refused && is_listed::<T>(&fixture.event));
        for fixture in listed.filter(|fixture| !is_read::<T>(&fixture.body, &fixture.event)) {
            let name = format!("{} {}/{}", T::VENDOR, fixture.event, fixture.case);
            let schema = validator(&document(T::VENDOR, &fixture.event));
            if schema.is_valid(&fixture.body) {
                names.push(name);
            }
        }
    }
    let mut names = Vec::new();
    check::<qase_webhooks::Webhook>(&mut names);
    check::<deepsource_webhooks::Webhook>(&mut names);
    check::<monitorqa_webhooks::Webhook>(&mut names);
    assert_eq!(names, BEYOND_A_SCHEMA);
}

/// Times that are read in another unit than the documented one, a time that is in no calendar, and what stands beside a
/// payload of which any JSON is kept, and an old name that differs from the name in use.
const BEYOND_A_SCHEMA: &[&str] = &[
    "qase run.completed/both_name_keys",
    "qase run.deleted/timestamp_in_microseconds",
    "qase run.deleted/timestamp_in_milliseconds",
    "deepsource analysis_run.updated/time_beyond_the_calendar",
    "deepsource test.event/more_data",
    "deepsource test.event/time_in_milliseconds",
    "monitorqa CORRECTIVE_ACTION_EXPIRED/times_in_milliseconds",
];

/// A list or a map may hold `null`, which is left out.
#[test]
fn a_null_element_validates() {
    let body =
        json!({"event_name": "plan.updated", "timestamp": 1, "payload": {"id": 1, "cases": {"7": null}}});
    qase_webhooks::Webhook::from_slice(body.to_string().as_bytes()).unwrap();
    assert!(validator(&document("qase", "plan.updated")).is_valid(&body));
}

/// The identity may have either spelling, and one of them must have a usable value.
#[test]
fn the_identity_is_found_in_either_spelling() {
    let schema = validator(&document("monitorqa", "AUDIT_ASSIGNED"));
    for (data, decodes) in [
        (r#"{"auditId":"a"}"#, true),
        (r#"{"id":"a"}"#, true),
        (r#"{"auditId":"a","id":7}"#, true),
        (r#"{"auditId":null,"id":7}"#, true),
        (r#"{"id":""}"#, false),
        (r#"{"auditId":null}"#, false),
        ("{}", false),
        ("[]", false),
        ("null", false),
    ] {
        let body = format!(r#"{{"event":"AUDIT_ASSIGNED","data":{data}}}"#);
        assert_eq!(monitorqa_webhooks::Webhook::from_slice(body.as_bytes()).is_ok(), decodes, "{data}");
        assert_eq!(schema.is_valid(&serde_json::from_str(&body).unwrap()), decodes, "{data}");
    }
}

/// The identity of a finished audit may be among its details, which have several possible places.
#[test]
fn the_identity_is_found_in_every_place() {
    let schema = validator(&document("monitorqa", "AUDIT_COMPLETED"));
    for (data, decodes) in [
        (r#"{"audit":{"id":"a"}}"#, true),
        (r#"{"audit":[{"id":"a"}]}"#, true),
        (r#"{"id":"a"}"#, true),
        (r#"{"audit":{"name":"a"}}"#, false),
        (r#"{"audit":[]}"#, false),
    ] {
        let body = format!(r#"{{"event":"AUDIT_COMPLETED","data":{data}}}"#);
        assert_eq!(monitorqa_webhooks::Webhook::from_slice(body.as_bytes()).is_ok(), decodes, "{data}");
        assert_eq!(schema.is_valid(&serde_json::from_str(&body).unwrap()), decodes, "{data}");
    }
}

/// A number of a list is shown with its meaning.
#[test]
fn numbers_have_their_meanings() {
    let document = document("monitorqa", "CORRECTIVE_ACTION_SUBMITTED");
    let submitted = json!({ "const": 3, "title": "submitted" });
    assert!(document.to_string().contains(&submitted.to_string()));
}

/// Descriptions for other languages contain nothing that is specific to Rust.
#[test]
fn descriptions_contain_no_names_of_rust() {
    fn descriptions(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("description").and_then(Value::as_str).map(str::to_owned));
                object.values().for_each(|value| descriptions(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| descriptions(value, found)),
            _ => {}
        }
    }
    for vendor in ["qase", "deepsource", "monitorqa"] {
        let mut found = Vec::new();
        descriptions(&document(vendor, "openapi"), &mut found);
        assert!(found.len() > 50);
        for text in found {
            for foreign in ["::", "`None`", "`Some", "`Option", "`Vec", "Self", "`Debug`", "crate", "See `"] {
                assert!(!text.contains(foreign), "{vendor}: {foreign} in: {text}");
            }
        }
    }
}

/// Types of two vendors with the same name can be in one schema of another program.
#[test]
fn webhooks_can_be_part_of_a_schema_of_schemars() {
    type Either = (qase_webhooks::Webhook, deepsource_webhooks::Webhook, qase_webhooks::ProjectCode);
    let root = SchemaGenerator::default().into_root_schema_for::<Either>();
    let schema = validator(root.as_value());
    let body =
        |vendor, event| fixtures(vendor).into_iter().find(|fixture| fixture.event == event).unwrap().body;
    let (run, analysis) = (body("qase", "run.completed"), body("deepsource", "analysis_run.updated"));
    assert!(schema.is_valid(&json!([run, analysis, "ORBIT"])));
    assert!(!schema.is_valid(&json!([run, analysis, []])));
    assert!(!schema.is_valid(&json!([run, {"id": "1"}, "ORBIT"])));
}

#[test]
fn every_listed_event_has_a_schema_and_stands_in_the_openapi_document() {
    fn check<T: Envelope>() {
        let openapi = document(T::VENDOR, "openapi");
        let described: Vec<_> = openapi["webhooks"].as_object().unwrap().keys().collect();
        let mut listed: Vec<_> = T::catalogue().iter().map(|info| info.name).collect();
        listed.sort_unstable();
        assert_eq!(described, listed);
        for name in listed {
            let mut written = document(T::VENDOR, name);
            written.as_object_mut().unwrap().remove("examples");
            assert_eq!(schema::event_document::<T>(name).unwrap(), written);
        }
    }
    check::<qase_webhooks::Webhook>();
    check::<deepsource_webhooks::Webhook>();
    check::<monitorqa_webhooks::Webhook>();
}

/// The page opens without a server and without the network.
#[test]
fn the_page_loads_nothing() {
    for vendor in ["qase", "deepsource", "monitorqa"] {
        let page = fs::read_to_string(folder(vendor).join("index.html")).unwrap();
        for foreign in ["<script", "<link", "<img", "@import", "url("] {
            assert!(!page.contains(foreign), "{vendor}: {foreign}");
        }
    }
}

struct Fixture {
    event: String,
    case: String,
    refused: bool,
    body: Value,
}

/// Validates against the schema of its event, if it has one, and against the schema of all deliveries.
fn every_fixture_validates<T: Envelope>() {
    let mut definitions = schema::Definitions::at("#/$defs/");
    let mut any = schema::webhook::<T>(&mut definitions);
    any["$defs"] = Value::Object(definitions.into_map());
    let any = validator(&any);
    for fixture in fixtures(T::VENDOR).iter().filter(|fixture| is_read::<T>(&fixture.body, &fixture.event)) {
        let name = format!("{}/{}", fixture.event, fixture.case);
        assert!(any.is_valid(&fixture.body), "{name} is no delivery");
        if is_listed::<T>(&fixture.event) {
            let schema = validator(&document(T::VENDOR, &fixture.event));
            let errors: Vec<_> = schema.iter_errors(&fixture.body).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
        }
    }
}

/// Whether a body decodes as this event without an unusable value.
fn is_read<T: Envelope>(body: &Value, event: &str) -> bool {
    let body = body.to_string();
    let decoded = T::from_slice(body.as_bytes()).is_ok_and(|webhook| webhook.name() == event);
    let unexpected = |body: &str| {
        drift::of::<T>(body.as_bytes()).iter().any(|drift| drift.kind == DriftKind::UnexpectedValue)
    };
    decoded && !unexpected(&body)
}

fn whatever_is_read_validates<T: Envelope>() {
    let fixtures = fullest(fixtures(T::VENDOR));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let read: usize = thread::scope(|scope| {
        let chunks = fixtures.chunks(fixtures.len().div_ceil(workers));
        let running: Vec<_> = chunks.map(|chunk| scope.spawn(move || altered_fixtures::<T>(chunk))).collect();
        running.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert!(read > 1_000, "only {read} alterations are read: they test nothing");
}

/// Numbers that are an integer and not the digits of an id: to a schema they are the number without the fraction.
const SPELLINGS: &[&str] = &["2.0", "1000.0"];

/// The largest fixture of every event: the others take time and add little.
fn fullest(mut fixtures: Vec<Fixture>) -> Vec<Fixture> {
    fixtures.sort_by_key(|fixture| (fixture.event.clone(), Reverse(pointers(&fixture.body).len())));
    fixtures.dedup_by(|one, other| one.event == other.event);
    fixtures
}

/// How many alterations of these fixtures are read; all of them have validated.
fn altered_fixtures<T: Envelope>(fixtures: &[Fixture]) -> usize {
    let mut read = 0;
    for fixture in fixtures.iter().filter(|fixture| is_listed::<T>(&fixture.event)) {
        let schema = validator(&document(T::VENDOR, &fixture.event));
        for (pointer, alteration, body) in alterations(&fixture.body) {
            if is_read::<T>(&body, &fixture.event) {
                read += 1;
                assert!(
                    schema.is_valid(&body),
                    "{}/{} is read and does not validate with {alteration} at {pointer}",
                    fixture.event,
                    fixture.case
                );
            } else if !SPELLINGS.contains(&&*alteration)
                && T::from_slice(body.to_string().as_bytes()).is_err()
            {
                assert!(
                    !schema.is_valid(&body),
                    "{}/{} is refused and validates with {alteration} at {pointer}",
                    fixture.event,
                    fixture.case
                );
            }
        }
    }
    read
}

/// The body with each value in turn removed, and replaced by a value of every kind.
fn alterations(body: &Value) -> impl Iterator<Item = (String, String, Value)> + '_ {
    let replacements = json!([
        null, true, false, 0, 1, -1, 2.0, 1.5, 18_446_744_073_709_551_615_u64, "", "0", "1", "-1", "007", "a word",
        "2026-02-03 08:15:09", "2026-02-10T06:41:55.120Z", "2026-02-10", "Tue, 10 Feb 2026 06:41:55 GMT",
        "/Date(1770705715000)/", "1770705715.25", "true", "1e2", 1e3, 1_770_705_715, 1_770_705_715_000_u64,
        {"date": "2026-02-10 06:41:55", "timezone": "UTC"}, {"0": 1, "2": {}}, {"0": null}, [], [null], [1], ["a"], [{}], {}, {"a": null}, {"7": 1},
        {"id": 1}, {"title": "t"}, {"slug": null}
    ]);
    let replacements = replacements.as_array().unwrap().clone();
    pointers(body).into_iter().flat_map(move |pointer| {
        let replaced = replacements.clone().into_iter().map({
            let pointer = pointer.clone();
            move |replacement| {
                let mut body = body.clone();
                let note = replacement.to_string();
                *body.pointer_mut(&pointer).unwrap() = replacement;
                (pointer.clone(), note, body)
            }
        });
        let mut without = body.clone();
        remove(&mut without, &pointer);
        replaced.chain([(pointer, "nothing".to_owned(), without)])
    })
}

/// Every path below the root; of long lists the first two elements.
fn pointers(body: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        let mut below = |key: &str, value: &Value| {
            let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            found.push(at.clone());
            walk(value, &at, found);
        };
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| below(key, value)),
            Value::Array(list) => {
                list.iter().take(2).enumerate().for_each(|(index, value)| below(&index.to_string(), value));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(body, "", &mut found);
    found
}

fn remove(body: &mut Value, pointer: &str) {
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(holder).unwrap() {
        Value::Object(object) => {
            object.remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Value::Array(list) => {
            list.remove(key.parse().unwrap());
        }
        _ => unreachable!("only objects and lists hold anything"),
    }
}

fn fixtures(vendor: &str) -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for event in entries(&root().join("fixtures").join(vendor)) {
        for file in entries(&event) {
            let case = file.file_stem().unwrap().to_str().unwrap().to_owned();
            fixtures.push(Fixture {
                event: event.file_name().unwrap().to_str().unwrap().to_owned(),
                refused: case.starts_with("refused_"),
                case,
                body: once(&fs::read_to_string(&file).unwrap()),
            });
        }
    }
    fixtures
}

/// The payload; of a repeated key the last value.
fn once(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Object(Map::new()))
}

fn document(vendor: &str, event: &str) -> Value {
    let path = path(vendor, event);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn path(vendor: &str, event: &str) -> PathBuf {
    folder(vendor).join(format!("{event}.json"))
}

fn is_listed<T: Envelope>(event: &str) -> bool {
    T::catalogue().iter().any(|info| info.name == event)
}

fn validator(schema: &Value) -> Validator {
    assert!(jsonschema::meta::is_valid(schema));
    jsonschema::draft202012::new(schema).unwrap()
}

fn folder(vendor: &str) -> PathBuf {
    root().join(format!("crates/{vendor}-webhooks/schema"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
