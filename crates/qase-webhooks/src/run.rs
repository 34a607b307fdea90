//! Test runs.

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::Shape;
use webhook_core::json::{JsonKind, NotJson, Reader};
use webhook_core::wire::WireAs;

use crate::lenient::{CountOrList, TextOrSlug};

/// The outcome of a run that has ended.
///
/// **Trap:** `run.completed` may be sent before the results are processed. A real delivery had zero in every counter
/// and in the duration, although the run had results. If you need exact numbers, read the run again later through the
/// vendor's API.
///
/// **Trap:** the sum of the counters may differ from [`cases`](Self::cases). No counter includes results with other
/// statuses, and `run.completed` has neither [`skipped`](Self::skipped) nor [`untested`](Self::untested).
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-run)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "run.completed")]
#[doc(alias = "run.aborted")]
pub struct RunTotals {
    /// The id of the run within its project.
    #[wire(identity)]
    pub id: u64,
    /// How many cases the run has.
    pub cases: Option<u64>,
    /// How many passed.
    pub passed: Option<u64>,
    /// How many had no result; in `run.aborted` only.
    #[wire(optional)]
    pub untested: Option<u64>,
    /// How many failed.
    pub failed: Option<u64>,
    /// How many were blocked.
    pub blocked: Option<u64>,
    /// How many were skipped; in `run.aborted` only, and since April 2022.
    #[wire(optional, alias = "skiped")]
    pub skipped: Option<u64>,
    /// How long the run took, in milliseconds.
    ///
    /// **Trap:** the vendor's page said seconds until October 2024.
    #[wire(rename = "duration")]
    pub duration_ms: Option<u64>,
}

/// A run that was opened.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-run)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "run.started")]
pub struct RunStarted {
    /// The id of the run within its project.
    #[wire(identity)]
    pub id: u64,
    /// The title.
    pub title: Option<String>,
    /// The description.
    #[wire(nullable)]
    pub description: Option<String>,
    /// The plan of the run; `None` if it has no plan. Older deliveries have only its id, in `plan` or `plan_id`.
    #[wire(nullable, alias = "plan_id", with = PlanOrId)]
    pub plan: Option<PlanRef>,
    /// How many cases the run has.
    pub cases_count: Option<u64>,
    /// The slug of the environment that is tested.
    #[wire(nullable, with = TextOrSlug)]
    pub environment: Option<String>,
}

/// The plan of a run. A plan without an id keeps its title.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct PlanRef {
    /// The id of the plan within its project.
    pub id: Option<u64>,
    /// The title of the plan; `None` if only the id was sent.
    pub title: Option<String>,
}

/// A run to which cases were added.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-run)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "run.updated")]
pub struct RunUpdated {
    /// The id of the run within its project.
    #[wire(identity)]
    pub id: u64,
    /// The number of added cases. The vendor's table calls it `cases_count`. For a list in its place, the elements are
    /// counted.
    ///
    /// **Trap:** this is not the total number of cases.
    #[wire(alias = "cases_count", with = CountOrList)]
    pub cases_added: Option<u64>,
}

/// A run whose public report was enabled or disabled.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-run)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "run.report_changed")]
pub struct RunReportChanged {
    /// The id of the run within its project.
    #[wire(identity)]
    pub id: u64,
    /// Whether the report is public now.
    ///
    /// **Trap:** the vendor's settings call the event "public link turned on", and it is sent for both directions.
    pub visible: Option<bool>,
}

/// A plan as an object, or only its id.
struct PlanOrId;

impl WireAs<PlanRef> for PlanOrId {
    fn read(json: &mut Reader<'_>) -> Result<Option<PlanRef>, NotJson> {
        if json.kind()? == JsonKind::Object {
            // An object without values must not hide the id in the other key.
            return Ok(
                <PlanRef as Wire>::read(json)?.filter(|plan| plan.id.is_some() || plan.title.is_some())
            );
        }
        Ok(<u64 as Wire>::read(json)?.map(|id| PlanRef { id: Some(id), ..PlanRef::default() }))
    }

    fn write<S: Serializer>(value: &PlanRef, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<PlanRef as Wire>::shape, <u64 as Wire>::shape])
    }
}
