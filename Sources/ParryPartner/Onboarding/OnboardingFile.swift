import Foundation
import ParryClient
import ParryWire

/// What a partner declares: its customers with their merchants, feeds, enrolments and rulesets, by its own names.
package struct OnboardingFile: Sendable {
    struct Customer: Sendable {
        let key: String
        let name: String
        let merchants: [Merchant]
        let feeds: [Feed]
        let enrolments: [Enrolment]
        let rulesets: [Ruleset]
    }

    struct Merchant: Sendable {
        let key: String
        let name: String
        let type: MerchantType
        let externalID: String?
    }

    struct Feed: Sendable {
        let key: String
        let name: String
        /// Keys of merchants.
        let merchants: [String]
    }

    struct Enrolment: Sendable {
        enum Identifiers: Sendable {
            case descriptors([NewDescriptor])
            case acquirer(bin: String, caid: String)
            case arns([String])
        }

        let key: String
        let merchants: [String]
        let identifiers: Identifiers
    }

    struct Ruleset: Sendable {
        let key: String
        let enrolments: [String]
        let outcome: AlertAction
        let joinOperator: JoinOperator
        let rules: [NewRule]
    }

    let customers: [Customer]

    /// Reads a file.
    ///
    /// - Throws: ``PartnerError`` that names file and line.
    package static func read(_ path: String) throws -> OnboardingFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PartnerError("\(path) cannot be read")
        }
        return try OnboardingFile(
            yaml: String(decoding: data, as: UTF8.self),
            source: URL(fileURLWithPath: path).lastPathComponent)
    }

    /// - Parameter source: What the file is called in refusals.
    package init(yaml: String, source: String) throws {
        let map = try YAMLMap(file: yaml, source: source)
        try map.allow(["customers"])
        customers = try map.maps("customers").map { try Customer($0) }
        guard !customers.isEmpty else {
            throw PartnerError("\(map.place): customers has to list at least one")
        }
        try Self.checkUnique(customers.map(\.key), map, "customers")
        try Self.checkUnique(customers.map(\.name), map, "customers", "name")
    }

    /// Keys name what is stored, so each is there once.
    fileprivate static func checkUnique(
        _ keys: [String], _ map: YAMLMap, _ what: String, _ member: String = "key"
    ) throws {
        var seen: Set<String> = []
        for key in keys where !seen.insert(key).inserted {
            throw PartnerError("\(map.place): \(what) has the \(member) \(key) twice")
        }
    }
}

extension OnboardingFile.Customer {
    fileprivate init(_ map: YAMLMap) throws {
        try map.allow(["key", "name", "merchants", "feeds", "enrolments", "rulesets"])
        key = try map.key()
        name = try map.requiredText("name")
        merchants = try map.maps("merchants").map { try OnboardingFile.Merchant($0) }
        let all = merchants.map(\.key)
        feeds = try map.maps("feeds").map { try OnboardingFile.Feed($0, merchants: all) }
        enrolments = try map.maps("enrolments").map {
            try OnboardingFile.Enrolment($0, merchants: all)
        }
        let enrolled = enrolments.map(\.key)
        rulesets = try map.maps("rulesets").map {
            try OnboardingFile.Ruleset($0, enrolments: enrolled)
        }
        for (what, keys) in [
            ("merchants", all), ("feeds", feeds.map(\.key)), ("enrolments", enrolled),
            ("rulesets", rulesets.map(\.key)),
        ] {
            try OnboardingFile.checkUnique(keys, map, what)
        }
        // What is there already is found by these.
        try OnboardingFile.checkUnique(
            merchants.map { $0.externalID ?? $0.name }, map, "merchants", "external_id or name")
        try OnboardingFile.checkUnique(feeds.map(\.name), map, "feeds", "name")
        try OnboardingFile.checkUnique(
            enrolments.map { "\($0.identifiers)" }, map, "enrolments", "same identifiers as")
    }
}

extension OnboardingFile.Merchant {
    fileprivate init(_ map: YAMLMap) throws {
        try map.allow(["key", "name", "type", "external_id"])
        key = try map.key()
        name = try map.requiredText("name")
        type = try map.word("type", MerchantType.self) ?? .generic
        externalID = try map.text("external_id")
    }
}

extension OnboardingFile.Feed {
    fileprivate init(_ map: YAMLMap, merchants all: [String]) throws {
        try map.allow(["key", "name", "merchants"])
        key = try map.key()
        name = try map.requiredText("name")
        merchants = try map.references("merchants", among: all)
    }
}

extension OnboardingFile.Enrolment {
    fileprivate init(_ map: YAMLMap, merchants all: [String]) throws {
        try map.allow(["key", "type", "merchants", "descriptors", "bin", "caid", "arns"])
        key = try map.key()
        merchants = try map.references("merchants", among: all)
        guard let type = try map.word("type", EnrolmentType.self) else {
            throw PartnerError("\(map.place): type has to be ETHOCA_ALERT or VERIFI_RDR")
        }
        identifiers = try type == .ethocaAlert ? Self.ethoca(map) : Self.verifi(map)
    }

    private static func ethoca(_ map: YAMLMap) throws -> Identifiers {
        let descriptors = try map.maps("descriptors").map { map in
            try map.allow(["descriptor", "match_type"])
            return NewDescriptor(
                descriptor: try map.requiredText("descriptor"),
                matchType: try map.word("match_type", DescriptorMatchType.self) ?? .startsWith)
        }
        guard !descriptors.isEmpty else {
            throw PartnerError("\(map.place): ETHOCA_ALERT needs descriptors")
        }
        return .descriptors(descriptors)
    }

    private static func verifi(_ map: YAMLMap) throws -> Identifiers {
        if let arns = try map.texts("arns"), !arns.isEmpty { return .arns(arns) }
        guard let bin = try map.text("bin"), let caid = try map.text("caid") else {
            throw PartnerError("\(map.place): VERIFI_RDR needs bin and caid together, or arns")
        }
        return .acquirer(bin: bin, caid: caid)
    }
}

extension OnboardingFile.Ruleset {
    fileprivate init(_ map: YAMLMap, enrolments all: [String]) throws {
        try map.allow(["key", "enrolments", "outcome", "join_operator", "rules"])
        key = try map.key()
        enrolments = try map.references("enrolments", among: all)
        outcome = try map.word("outcome", AlertAction.self) ?? .acceptDispute
        joinOperator = try map.word("join_operator", JoinOperator.self) ?? .or
        rules = try map.maps("rules").map { try NewRule($0) }
        guard !rules.isEmpty else {
            throw PartnerError("\(map.place): rules has to list one or two")
        }
    }
}

extension NewRule {
    fileprivate init(_ map: YAMLMap) throws {
        try map.allow(["amount", "descriptors"])
        if let amount = try map.map("amount") {
            try amount.allow(["operator", "currency_code", "amount_in_cents"])
            guard let comparison = try amount.word("operator", AmountOperator.self),
                let limit = try amount.integer("amount_in_cents", in: 0...9_007_199_254_740_991)
            else {
                throw PartnerError("\(amount.place): amount needs operator and amount_in_cents")
            }
            self = .amount(comparison, limit)
        } else {
            self = .descriptors(
                try map.maps("descriptors").map { map in
                    try map.allow(["value", "match_type"])
                    return RuleDescriptor(
                        try map.requiredText("value"),
                        try map.word("match_type", DescriptorMatchType.self) ?? .startsWith)
                })
        }
    }
}

extension YAMLMap {
    /// Ours to name a resource with: it becomes a part of the mapping's name.
    fileprivate func key() throws -> String {
        let key = try requiredText("key")
        guard key.utf8.count <= 100, !key.contains("/"), !key.contains(where: \.isWhitespace) else {
            throw PartnerError("\(place): a key has at most 100 characters, no space and no slash")
        }
        return key
    }

    /// Keys of other resources; all of them unless told.
    fileprivate func references(_ name: String, among all: [String]) throws -> [String] {
        let keys = try texts(name) ?? all
        for key in keys where !all.contains(key) {
            throw PartnerError("\(place): \(name) names \(key), which is not declared")
        }
        guard !keys.isEmpty else {
            throw PartnerError("\(place): \(name) has to name at least one")
        }
        return keys
    }
}
