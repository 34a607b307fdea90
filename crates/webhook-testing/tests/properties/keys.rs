//! Changes to the keys of an object that do not change the meaning of the payload: another order, the same key twice,
//! new keys.

use std::collections::HashSet;

use webhook_core::drift::{self, Drift, DriftKind};

use crate::changes::same;
use crate::fixtures::{Webhook, fixtures};
use crate::for_each_vendor;
use crate::json::{Json, Route};
use crate::oracle::{name_of, shape_at};
use webhook_core::describe::Shape;

for_each_vendor! {
    fn keys_may_stand_in_any_order = reorders;
    fn a_key_may_come_twice = repeats;
    fn a_key_may_be_new = adds;
}

/// A fixture that decodes.
struct Decodable<W> {
    fixture: String,
    json: Json,
    before: W,
    /// Its drift.
    known: Vec<Drift>,
    /// Its objects with fields.
    routes: Vec<Route>,
}

fn decodable<W: Webhook>() -> impl Iterator<Item = Decodable<W>> {
    fixtures::<W>().into_iter().filter_map(|fixture| {
        let json = fixture.json();
        let body = json.to_string();
        let routes = objects::<W>(name_of::<W>(&json)?, &json);
        let before = W::from_slice(body.as_bytes()).ok()?;
        let known = drift::of::<W>(body.as_bytes());
        Some(Decodable { fixture: fixture.name, json, before, known, routes })
    })
}

/// Every object with fields, the body itself first.
fn objects<W: Webhook>(name: &str, json: &Json) -> Vec<Route> {
    let unknown: Vec<_> = drift::of::<W>(json.to_string().as_bytes())
        .into_iter()
        .filter(|finding| finding.kind == DriftKind::UnknownField)
        .map(|finding| finding.path)
        .collect();
    let is_struct = |route: &Route| matches!(shape_at::<W>(name, json, route), Some(Shape::Object { .. }));
    let is_known = |route: &Route| !unknown.iter().any(|path| json.path(route).starts_with(path.as_str()));
    let mut routes = vec![Route::new()];
    routes.extend(json.routes().into_iter().filter(|route| is_struct(route) && is_known(route)));
    routes.retain(|route| matches!(json.at(route), Json::Object(_)));
    routes
}

fn entries(json: &mut Json) -> &mut Vec<(String, Json)> {
    let Json::Object(entries) = json else { panic!("no object") };
    entries
}

/// In reverse order, and rotated by one, so that the name comes before the payload and after it.
fn reorders<W: Webhook>() {
    let mut tried = 0;
    for Decodable { fixture, json, before, routes, .. } in decodable::<W>() {
        for route in routes {
            let keys: HashSet<_> =
                entries(&mut json.at(&route).clone()).iter().map(|(key, _)| key.clone()).collect();
            // The order of a repeated key matters.
            if keys.len() < entries(&mut json.at(&route).clone()).len() {
                continue;
            }
            for change in [
                |entries: &mut Vec<(String, Json)>| entries.reverse(),
                |entries: &mut Vec<(String, Json)>| {
                    if let Some(last) = entries.pop() {
                        entries.insert(0, last);
                    }
                },
            ] {
                let changed = json.with(&route, |object| change(entries(object))).to_string();
                let after = W::from_slice(changed.as_bytes());
                assert_eq!(after.as_ref().ok().map(same), Some(same(&before)), "{fixture}: {changed}");
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

/// A repeated key with the same value changes nothing, and drift reports it.
fn repeats<W: Webhook>() {
    let mut tried = 0;
    for Decodable { fixture, json, before, known, routes } in decodable::<W>() {
        for route in routes {
            for index in 0..entries(&mut json.at(&route).clone()).len() {
                let mut place = route.clone();
                place.push(index);
                let path = json.path(&place);
                let changed = json.with(&route, |object| {
                    let entries = entries(object);
                    entries.push(entries[index].clone());
                });
                let changed = changed.to_string();
                let after = W::from_slice(changed.as_bytes()).unwrap();
                assert_eq!(same(&after), same(&before), "{fixture}: {changed}");
                let findings = drift::of::<W>(changed.as_bytes());
                let is_new = findings.iter().any(|finding| {
                    finding.path == path
                        && (finding.kind == DriftKind::RepeatedKey || known.contains(finding))
                });
                assert!(is_new, "{fixture} with {path} twice: {findings:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

/// An unknown key at either end of every object: nothing else changes, and drift reports it.
fn adds<W: Webhook>() {
    const KEY: &str = "key-of-tomorrow";
    let mut tried = 0;
    for Decodable { fixture, json, before, known, routes } in decodable::<W>() {
        for route in routes {
            for value in ["null", "7", "\"text\"", "[1,{\"a\":null}]", "{\"id\":\"x\",\"title\":2}"] {
                for first in [true, false] {
                    let changed = json.with(&route, |object| {
                        let entries = entries(object);
                        let place = if first { 0 } else { entries.len() };
                        entries.insert(place, (KEY.to_owned(), Json::parse(value)));
                    });
                    let body = changed.to_string();
                    let after = W::from_slice(body.as_bytes()).unwrap();
                    assert_eq!(same(&after), same(&before), "{fixture}: {body}");
                    let mut place = route.clone();
                    place.push(if first { 0 } else { entries(&mut json.at(&route).clone()).len() });
                    let mut findings = drift::of::<W>(body.as_bytes());
                    let path = changed.path(&place);
                    let found = findings
                        .iter()
                        .position(|finding| finding.path == path && finding.kind == DriftKind::UnknownField);
                    findings.remove(found.unwrap_or_else(|| panic!("{body}: {findings:?}")));
                    assert_eq!(findings, known, "{body}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 300, "{tried}");
}
