import ParryWire

/// `world.json`: what a reader needs to enrol the world's merchants and to trust its numbers.
enum WorldManifest {
    static func write(_ plan: WorldPlan, _ stream: SaleStream, _ counts: World.Counts) -> [UInt8] {
        var writer = JSONWriter(capacity: 16_384)
        writer.beginObject()
        // A text, because readers of JSON keep no more than 53 bits of a number.
        writer.field("seed", String(plan.seed))
        writer.field("at", plan.time)
        writer.field("first_day", stream.calendar.firstDay.text)
        writer.key("counts")
        writer.beginObject()
        writer.field("transactions", counts.orders + counts.lateOrders)
        writer.field("orders", counts.orders)
        writer.field("late_orders", counts.lateOrders)
        writer.field("patches", counts.patches)
        writer.field("alerts", counts.alerts)
        writer.field("decidable_alerts", counts.decidable)
        writer.endObject()
        writer.key("organisations")
        writer.beginArray()
        for organisation in stream.market.organisations { organisation.write(into: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}

extension WorldOrganisation {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("organisation_id", account.organisationID.text)
        writer.field("integration_id", account.integrationID.text)
        writer.key("merchants")
        writer.beginArray()
        for merchant in merchants { merchant.write(into: &writer) }
        writer.endArray()
        writer.endObject()
    }
}

extension WorldMerchant {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("mcc", mcc)
        writer.field("currencies", currencies.map(\.code))
        writer.key("descriptors")
        writer.beginArray()
        for descriptor in descriptors {
            writer.beginObject()
            writer.field("descriptor", descriptor.text)
            writer.field("match_type", descriptor.matchType)
            writer.endObject()
        }
        writer.endArray()
        writer.field("bin", acquirerBIN)
        writer.field("caid", cardAcceptorID)
        writer.endObject()
    }
}
