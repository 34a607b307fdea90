//! A finished audit, wherever the vendor puts its details.

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::Shape;
use webhook_core::json::{JsonKind, NotJson, Reader};
use webhook_core::wire::WireAs;

use super::{AuditDetails, AuditId};

/// An audit that was finished, with its details.
///
/// **Trap:** the vendor says that the details are in the payload and not where. No delivery is known that would tell,
/// so every place they could have is read: below `audit`, in a list of one object there, and beside `auditId`.
///
/// [`details`](Self::details) gives them from wherever they came, and [`position`](Self::position) says where that was.
///
/// Written back, the details stand where they came, and `auditId` always stands beside them.
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "AUDIT_COMPLETED")]
pub struct AuditCompleted {
    /// The id of the audit: `auditId`, or the id of the details where that is missing.
    #[wire(identity, or = "audit.id", or = "beside.id")]
    pub audit_id: AuditId,
    /// What came below `audit`; use [`details`](Self::details) to get them from any place.
    #[wire(optional, with = AloneOrInList)]
    pub audit: Option<AuditDetails>,
    /// What came beside `auditId`; use [`details`](Self::details) to get them from any place.
    #[wire(flatten, optional)]
    pub beside: AuditDetails,
}

/// Where in the payload the details of an audit stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DetailsPosition {
    /// In `audit`, the way that the details of a corrective action stand in `correctiveAction`.
    Nested,
    /// Beside `auditId`, without an `id` of their own.
    Flattened,
    /// The payload is the details, and has `id`.
    Whole,
    /// Nowhere: there is an id alone, which is all that the page shows.
    Absent,
}

impl AuditCompleted {
    /// The details from the first place that holds more than an id: `audit`, or else beside `auditId`; `None` when
    /// neither does.
    pub fn details(&self) -> Option<&AuditDetails> {
        self.audit
            .as_ref()
            .filter(|details| tells(details))
            .or_else(|| Some(&self.beside).filter(|details| tells(details)))
    }

    /// Where [`details`](Self::details) stood. If you see a real delivery, please tell us.
    pub fn position(&self) -> DetailsPosition {
        if self.audit.as_ref().is_some_and(tells) {
            DetailsPosition::Nested
        } else if !tells(&self.beside) {
            DetailsPosition::Absent
        } else if self.beside.id.is_some() {
            DetailsPosition::Whole
        } else {
            DetailsPosition::Flattened
        }
    }
}

/// Whether the details hold more than an id.
fn tells(details: &AuditDetails) -> bool {
    *details != AuditDetails { id: details.id.clone(), ..AuditDetails::default() }
}

/// One object, or a list of which the first object is it. Written as the object alone.
struct AloneOrInList;

impl WireAs<AuditDetails> for AloneOrInList {
    fn read(json: &mut Reader<'_>) -> Result<Option<AuditDetails>, NotJson> {
        if json.kind()? != JsonKind::Array {
            return <AuditDetails as Wire>::read(json);
        }
        Ok(<Vec<AuditDetails> as Wire>::read(json)?.and_then(|list| list.into_iter().next()))
    }

    fn write<S: Serializer>(value: &AuditDetails, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<AuditDetails as Wire>::shape, <Vec<AuditDetails> as Wire>::shape])
    }
}
