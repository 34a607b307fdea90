use webhook_core::Wire;

#[derive(Wire)]
struct Plan {
    #[wire(identity, optional)]
    id: u64,
}

fn main() {}
