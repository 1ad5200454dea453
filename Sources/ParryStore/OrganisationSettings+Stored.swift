import ParryDatabase
package import ParryDomain
package import ParryWire

extension OrganisationSettings {
    /// The settings as their column holds them.
    var stored: String {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("required_order_fields", requiredOrderFields)
        json.field("matching_mode", matchingMode)
        json.field("cancel_actions", allowsCancelActions)
        json.field("alert_window", alertWindowHours)
        write(reminderHours: &json)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Writes the hours of the reminders.
    package func write(reminderHours json: inout JSONWriter) {
        json.key("deadline_reminders")
        json.beginArray()
        for hours in reminderHours { json.integer(Int64(hours)) }
        json.endArray()
    }

    /// Reads the column; null is the standard.
    ///
    /// - Throws: `DatabaseError.unexpectedValue` when the text is not what ``stored`` writes.
    init(stored text: String?) throws {
        self = .standard
        guard let text else { return }
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument.parse(Array(text.utf8)).root
        } catch {
            throw DatabaseError(.unexpectedValue, "stored settings are not JSON")
        }
        requiredOrderFields = root["required_order_fields"]?.elements.compactMap(\.string) ?? []
        matchingMode = root["matching_mode"]?.string.flatMap(MatchingMode.init) ?? matchingMode
        allowsCancelActions = root["cancel_actions"]?.boolean ?? allowsCancelActions
        reminderHours =
            root["deadline_reminders"]?.elements.compactMap { $0.integer.map(Int.init) }
            ?? reminderHours
        alertWindowHours = root["alert_window"]?.integer.map(Int.init) ?? alertWindowHours
    }
}
