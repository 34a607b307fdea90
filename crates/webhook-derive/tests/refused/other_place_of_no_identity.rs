use webhook_core::Wire;

#[derive(Wire)]
struct Plan {
    #[wire(or = "details.id")]
    id: Option<u64>,
}

fn main() {}
