//! Steps that several cases share.

use webhook_core::Wire;

use crate::attachment::Attachment;

/// A shared step that was added. This struct follows the vendor's sample; the vendor's table lists `data` and no title.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/shared-step)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "shared_step.created")]
pub struct SharedStep {
    /// The identity of the shared step.
    #[wire(identity, alias = "id")]
    pub hash: SharedStepHash,
    /// The title.
    pub title: Option<String>,
    /// The steps, in order.
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
    /// The identity of the shared step; one of the vendor's tables calls it `id`.
    #[wire(identity, alias = "id")]
    pub hash: SharedStepHash,
}

/// A step inside a shared step. Unlike a step of a case, it has no position.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct SharedStepItem {
    /// The identity of the step.
    pub hash: Option<SharedStepHash>,
    /// The action of the step.
    pub action: Option<String>,
    /// The expected result; often empty.
    pub expected_result: Option<String>,
    /// The test data of the step; often empty.
    pub data: Option<String>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
}

webhook_core::text_id! {
    /// The identity of a shared step.
    ///
    /// **Trap:** it looks like 40 hexadecimal digits, but one sample of the vendor contains a letter that is not a
    /// hexadecimal digit.
    pub struct SharedStepHash;
}
