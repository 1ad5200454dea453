import ParryDatabase
package import ParryDomain
import ParryWire

extension EnrolmentConfiguration {
    /// The configuration as its column, and a request to its network, hold it: JSON with the names of the API.
    package var stored: String {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        switch self {
        case .ethocaAlert(let descriptors):
            json.key("descriptors")
            json.beginArray()
            for descriptor in descriptors {
                json.beginObject()
                json.field("descriptor", descriptor.text)
                json.field("match_type", descriptor.matchType)
                json.field("status", descriptor.status)
                json.endObject()
            }
            json.endArray()
        case .verifiRDR(.acquirer(let bin, let caid)):
            json.field("bin", bin)
            json.field("caid", caid)
        case .verifiRDR(.arns(let arns)):
            json.field("arns", arns)
        }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Reads the column.
    ///
    /// - Throws: `DatabaseError.unexpectedValue` when the text is not what ``stored`` writes.
    init(stored text: String) throws {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument.parse(Array(text.utf8)).root
        } catch {
            throw DatabaseError(.unexpectedValue, "a stored enrolment configuration is not JSON")
        }
        if let descriptors = root["descriptors"] {
            self = .ethocaAlert(try descriptors.elements.map(EnrolledDescriptor.init(stored:)))
        } else if let bin = root["bin"]?.string, let caid = root["caid"]?.string {
            self = .verifiRDR(.acquirer(bin: bin, caid: caid))
        } else {
            self = .verifiRDR(.arns(root["arns"]?.elements.compactMap(\.string) ?? []))
        }
    }
}

extension EnrolledDescriptor {
    fileprivate init(stored value: JSONValue) throws {
        guard let text = value["descriptor"]?.string,
            let matchType = value["match_type"]?.string.flatMap(DescriptorMatchType.init),
            let status = value["status"]?.string.flatMap(EnrolmentStatus.init)
        else { throw DatabaseError(.unexpectedValue, "a stored descriptor lacks a member") }
        self.init(text: text, matchType: matchType, status: status)
    }
}
