use webhook_core::Wire;

#[derive(Wire)]
struct Plan {
    #[wire(skip)]
    title: Option<String>,
}

fn main() {}
