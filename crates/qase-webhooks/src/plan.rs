//! Test plans.

use std::slice;

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::{Shape, id_of_key};
use webhook_core::json::{JsonKind, NotJson, Reader};
use webhook_core::wire::{Written, is_by_position};

/// A plan that was added, edited or removed. An edited plan has its cases, a removed plan has only its id.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-plan)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "plan.created")]
#[doc(alias = "plan.updated")]
#[doc(alias = "plan.deleted")]
pub struct Plan {
    /// The id of the plan within its project.
    #[wire(identity)]
    pub id: u64,
    /// The title; in `plan.created` only.
    #[wire(optional)]
    pub title: Option<String>,
    /// The description; in `plan.created` only.
    #[wire(optional, tolerated)]
    pub description: Option<String>,
    /// The cases in the plan; not in `plan.deleted`.
    #[wire(optional)]
    pub cases: Option<PlanCases>,
}

/// The cases in a plan, in the order of the payload. A case that occurs twice in the payload is listed twice.
///
/// Today the vendor sends an object with a number for each case, or `[]` if it is empty, as PHP does. Older deliveries
/// have a list of ids. A list of objects with a `case_id` is also read.
///
/// **Trap:** the meaning of the number of a case is not documented. It is probably the assignee, with `0` for nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanCases(Vec<(u64, Option<i64>)>);

impl PlanCases {
    /// The ids of the cases.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.0.iter().map(|(id, _)| *id)
    }

    /// Whether the case is in the plan.
    pub fn contains(&self, id: u64) -> bool {
        self.ids().any(|other| other == id)
    }

    /// The first number of the case, as sent; `None` if the case is not in the plan or has no number.
    pub fn number(&self, id: u64) -> Option<i64> {
        self.0.iter().find_map(|(other, number)| if *other == id { *number } else { None })
    }

    /// The ids of the cases, each with its number.
    pub fn iter(&self) -> slice::Iter<'_, (u64, Option<i64>)> {
        self.0.iter()
    }

    /// The number of cases.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no cases.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(u64, Option<i64>)> for PlanCases {
    fn from_iter<I: IntoIterator<Item = (u64, Option<i64>)>>(cases: I) -> Self {
        Self(cases.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a PlanCases {
    type Item = &'a (u64, Option<i64>);
    type IntoIter = slice::Iter<'a, (u64, Option<i64>)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Written as a list of ids where no case has a number, as an object otherwise.
impl Wire for PlanCases {
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        if json.kind()? == JsonKind::Object && !is_by_position(&mut json.clone())? {
            return by_id(json);
        }
        let elements = Vec::<IdOrPlanCase>::read(json)?;
        let id = |element| match element {
            IdOrPlanCase::Id(id) => id,
            IdOrPlanCase::Object(case) => case.case_id,
        };
        Ok(elements.map(|elements| elements.into_iter().map(|element| (id(element), None)).collect()))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.iter().all(|(_, number)| number.is_none()) {
            serializer.collect_seq(self.ids())
        } else {
            serializer.collect_map(self.iter().map(|(id, number)| (id.to_string(), Written(number))))
        }
    }

    fn shape() -> Shape {
        // For drift a map may be a list, so the list is first.
        Shape::OneOf(&[<Vec<IdOrPlanCase> as Wire>::shape, || Shape::MapById(i64::shape)])
    }
}

webhook_core::wire_as_serde!(PlanCases);

/// An element of a list of cases.
#[derive(Wire)]
enum IdOrPlanCase {
    Id(u64),
    Object(PlanCase),
}

/// A case in a plan, as an object.
#[derive(Wire)]
struct PlanCase {
    /// The id of the case.
    #[wire(identity, alias = "id")]
    case_id: u64,
}

/// The cases from the keys of an object. A key that is not an id is left out. A case is kept if its number cannot be
/// read.
fn by_id(json: &mut Reader<'_>) -> Result<Option<PlanCases>, NotJson> {
    let Some(mut keys) = json.object()? else { return Ok(None) };
    let mut cases = PlanCases::default();
    while let Some(key) = json.next_text_key(&mut keys)? {
        let (id, number) = (id_of_key(&key), i64::read(json)?);
        if id.is_none() || number.is_none() {
            json.note_unexpected();
        }
        cases.0.extend(id.map(|id| (id, number)));
    }
    Ok(Some(cases))
}
