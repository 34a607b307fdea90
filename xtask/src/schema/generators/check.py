"""Reads every delivery with the generated models."""
import json
import sys

from pydantic import TypeAdapter

import models

deliveries = json.load(open("deliveries.json"))
adapter = TypeAdapter(models.Delivery)
refused = 0
for name, body in deliveries:
    try:
        adapter.validate_json(json.dumps(body), strict=True)
    except ValueError as error:
        refused += 1
        print(f"  {name}: {str(error)[:300]}")
print(f"  datamodel-code-generator: pydantic takes {len(deliveries) - refused} of {len(deliveries)}")
sys.exit(refused > 0)
