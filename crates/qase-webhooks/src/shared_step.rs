//! Steps that several cases share.

use webhook_core::Wire;

use crate::attachment::Attachment;

/// A shared step that was added. The vendor's table lists `data` and no title; its sample has it as here.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/shared-step)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "shared_step.created")]
pub struct SharedStep {
    /// What identifies the shared step.
    #[wire(identity, alias = "id")]
    pub hash: SharedStepHash,
    /// The title.
    pub title: Option<String>,
    /// What to do, in order.
    pub steps: Vec<SharedStepItem>,
}

/// A shared step that was edited or removed.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/shared-step)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "shared_step.updated")]
#[doc(alias = "shared_step.deleted")]
pub struct SharedStepRef {
    /// What identifies the shared step; one of the vendor's tables calls it `id`.
    #[wire(identity, alias = "id")]
    pub hash: SharedStepHash,
}

/// A step inside a shared step; unlike a step of a case it has no position.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct SharedStepItem {
    /// What identifies the step.
    pub hash: Option<SharedStepHash>,
    /// What to do.
    pub action: Option<String>,
    /// What should then happen; often empty.
    pub expected_result: Option<String>,
    /// What to do it with; often empty.
    pub data: Option<String>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
}

webhook_core::text_id! {
    /// What identifies a shared step.
    ///
    /// **Trap:** it looks like 40 hexadecimal digits, but a sample of the vendor has another letter.
    pub struct SharedStepHash;
}
