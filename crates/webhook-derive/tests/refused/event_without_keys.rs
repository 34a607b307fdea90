use webhook_core::Wire;

#[derive(Wire)]
struct Webhook {
    #[wire(event, name = "type")]
    event: u64,
}

fn main() {}
