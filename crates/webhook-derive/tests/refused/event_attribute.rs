use webhook_core::Wire;

#[derive(Wire)]
struct Webhook {
    #[wire(event, key = "type")]
    event: u64,
}

fn main() {}
