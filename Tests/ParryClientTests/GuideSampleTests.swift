import Foundation
import ParryWire
import Testing

@testable import ParryClient

/// The guide's own answers: whoever built against it must be able to read them.
@Suite("The guide's answers")
struct GuideSampleTests {
    /// Any JSON, to be compared.
    private enum Plain: Decodable, Equatable {
        case null
        case flag(Bool)
        case number(Double)
        case text(String)
        case list([Plain])
        case object([String: Plain])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Plain].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Plain].self))
            }
        }

        /// Without members that say nothing, and without links, which the client does not need.
        var bare: Plain {
            switch self {
            case .list(let list): .list(list.map(\.bare))
            case .object(let members):
                .object(
                    members.filter { $0.key != "links" && $0.value != .null }.mapValues(\.bare))
            default: self
            }
        }

        /// Whether nothing of the other is missing here.
        func has(_ other: Plain) -> Bool {
            switch (self, other) {
            case (.object(let mine), .object(let theirs)):
                theirs.allSatisfy { mine[$0.key]?.has($0.value) ?? false }
            case (.list(let mine), .list(let theirs)):
                mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.has($1) }
            default: self == other
            }
        }

        subscript(name: String) -> Plain? {
            if case .object(let members) = self { members[name] } else { nil }
        }

        var string: String? { if case .text(let text) = self { text } else { nil } }
    }

    private static func samples() throws -> [Data] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let guide = try String(
            contentsOf: tests.appending(path: "Outside/Fixtures/guide.md"), encoding: .utf8)
        var samples: [Data] = []
        var lines: [Substring]?
        for line in guide.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```json" {
                lines = []
            } else if line == "```", let block = lines {
                samples.append(Data(block.joined(separator: "\n").utf8))
                lines = nil
            } else {
                lines?.append(line)
            }
        }
        return samples
    }

    /// Reads a sample, and holds that nothing of it was lost on the way.
    private static func expectWhole<Model: Codable>(_ type: Model.Type, _ sample: Data) throws {
        let model = try JSONDecoder().decode(type, from: sample)
        let written = try JSONDecoder().decode(Plain.self, from: Data(try Answers.write(model)))
        let wanted = try JSONDecoder().decode(Plain.self, from: sample).bare
        #expect(written.has(wanted), "\(type)")
    }

    private static func expectUpload(_ sample: Data) throws {
        let root = try JSONDocument.parse([UInt8](sample)).root
        let upload = try #require(OrderUpload(root))
        #expect(upload.created == 1 && upload.failed == 0 && upload.errors.isEmpty)
        let order = try #require(upload.results.first)
        #expect(order.id.text == "ord_abc123" && order.referenceID == "order-10001")
        #expect(order.integrationID?.text == "int_abc123" && order.type?.known == .complete)
        #expect(order.createdAt == Timestamp(iso8601: "2026-02-17T10:05:00Z"))
        let text = String(decoding: sample, as: UTF8.self)
        let first = try #require(text.firstRange(of: "\"transactions\": ["))
        let list = text[text.index(before: first.upperBound)...]
        let end = try #require(list.firstIndex(of: "]"))
        try expectWhole([OrderTransaction].self, Data(list[...end].utf8))
    }

    private static func expectEvent(_ sample: Data) throws {
        let event = try JSONDecoder().decode(WebhookEvent.self, from: sample)
        #expect(event.type == .enrolmentUpdated)
        #expect(event.apiVersion == "v2")
        #expect(event.previousAttributes == ["status"])
        guard case .enrolment(let enrolment) = event.content else {
            Issue.record("the content is no enrolment")
            return
        }
        #expect(enrolment.id.text == "enrl_rdr123" && enrolment.status == .enabled)
        #expect(enrolment.verifiRDR?.caid == "ACMEFITCAID01")
    }

    @Test("Each is read by its model, with nothing lost")
    func samples() throws {
        var kinds: [String: Int] = [:]
        for sample in try Self.samples() {
            let root = try JSONDecoder().decode(Plain.self, from: sample)
            let prefix = root["id"]?.string?.prefix { $0 != "_" } ?? ""
            let kind = root["results"] == nil ? String(prefix) : "upload"
            kinds[kind, default: 0] += 1
            switch kind {
            case "org": try Self.expectWhole(Organisation.self, sample)
            case "mrch": try Self.expectWhole(Merchant.self, sample)
            case "int": try Self.expectWhole(Integration.self, sample)
            case "enrl": try Self.expectWhole(Enrolment.self, sample)
            case "netalrt": try Self.expectWhole(Alert.self, sample)
            case "rset": try Self.expectWhole(Ruleset.self, sample)
            case "upload": try Self.expectUpload(sample)
            case "evt": try Self.expectEvent(sample)
            case "": #expect(root["merchant_ids"] != nil, "only a request has no id")
            default: Issue.record("no model for \(kind)")
            }
        }
        #expect(
            kinds == [
                "org": 1, "mrch": 1, "int": 1, "enrl": 2, "netalrt": 2, "rset": 1, "upload": 1,
                "evt": 1, "": 1,
            ])
    }
}
