import ParryWire

/// A mapping made ready for one file: which field of a row becomes which member.
struct FeedPlan: Sendable {
    /// Members that a row gives one of: the order's own, or those of one object or list.
    struct Section: Sendable {
        /// Empty for the order itself.
        let name: String
        /// `"name":`
        let key: [UInt8]
        let slots: [FeedSlot]
        /// Where the slots of an order's own and its objects' members start among all of these.
        let start: Int

        init(_ name: String, _ slots: [FeedSlot], start: Int) {
            self.name = name
            key = Array("\"\(name)\":".utf8)
            self.slots = slots
            self.start = start
        }
    }

    let header: [String]
    /// What every document starts with: the identities, and an open brace.
    let opening: [UInt8]
    /// The order's own members, and those of its objects.
    let fixed: [Section]
    let lists: [Section]
    /// The slot of `reference_id` among the fixed ones.
    let reference: Int
    let fixedCount: Int

    /// - Throws: ``FeedProblem`` when the file has not the columns that the mapping names.
    init(_ mapping: FeedMapping, header: [String], target: FeedTarget) throws(FeedProblem) {
        let places = try FeedHeader(header, mapping)
        var fixed: [Section] = []
        var lists: [Section] = []
        var count = 0
        for place in Self.places {
            let slots = try Self.slots(of: place, mapping, places)
            switch place {
            case .order: fixed.append(Section("", slots, start: count))
            case .object(let name) where !slots.isEmpty:
                fixed.append(Section(name, slots, start: count))
            case .element(let name) where !slots.isEmpty:
                lists.append(Section(name, slots, start: 0))
                continue
            default: continue
            }
            count += slots.count
        }
        self.header = header
        self.fixed = fixed
        self.lists = lists
        opening = target.opening
        fixedCount = count
        reference = fixed.first?.slots.firstIndex { $0.target.member == "reference_id" } ?? 0
    }

    /// The slot of a member as mappings spell it.
    func slot(_ path: String) -> FeedSlot? {
        for section in fixed + lists {
            if let slot = section.slots.first(where: { $0.target.text == path }) { return slot }
        }
        return nil
    }

    private static let places: [FeedPath.Place] = FeedPath.all.reduce(into: [.order]) {
        if !$0.contains($1.place) { $0.append($1.place) }
    }

    private static func slots(
        of place: FeedPath.Place, _ mapping: FeedMapping, _ header: FeedHeader
    ) throws(FeedProblem) -> [FeedSlot] {
        var slots: [FeedSlot] = []
        for path in FeedPath.all where path.place == place {
            let column = mapping.column(feeding: path.text)
            let constant = mapping.constant(for: path.text)
            guard column != nil || constant != nil else { continue }
            var slot = FeedSlot(path, constant: try? constant?.json.get())
            if let column { slot.cell = try FeedCell(column, path, mapping, header) }
            slot.isOwn = column?.targets.allSatisfy { $0.place == place } ?? false
            slots.append(slot)
        }
        if !slots.contains(where: \.isOwn) {
            for index in slots.indices { slots[index].isOwn = slots[index].cell != nil }
        }
        return slots
    }
}

/// One member and where its value comes from.
struct FeedSlot: Sendable {
    let target: FeedPath
    /// `"member":`
    let key: [UInt8]
    fileprivate(set) var cell: FeedCell?
    /// The value where there is no cell or it is empty, as JSON.
    let constant: [UInt8]?
    /// Whether a value makes that its object or element is there. One of a column that feeds other places too, such
    /// as the currency of an order and its refunds, does not, as constants do not; where all are such, each does.
    fileprivate(set) var isOwn = false

    fileprivate init(_ target: FeedPath, constant: [UInt8]?) {
        self.target = target
        key = Array("\"\(target.member)\":".utf8)
        self.constant = constant
    }
}

/// Where the columns of a mapping stand in a header.
struct FeedHeader {
    private let header: [String]

    init(_ header: [String], _ mapping: FeedMapping) throws(FeedProblem) {
        self.header = header
        if header.contains(where: { CardNumber.appears(in: $0) }) {
            throw FeedProblem(
                "The first row holds a full card number. It has to name the columns; and take card "
                    + "numbers out of the file.", line: 1)
        }
        for column in mapping.columns { _ = try place(of: column.name, line: column.line) }
    }

    func place(of name: String, line: Int?) throws(FeedProblem) -> Int {
        guard let place = header.firstIndex(of: name) else {
            let names = header.prefix(FeedLimits.namesShown)
                .map { String($0.prefix(FeedLimits.nameShown)) }.joined(separator: ", ")
            let more = header.count > FeedLimits.namesShown ? ", …" : ""
            throw FeedProblem(
                "The file has no column \(name.prefix(FeedLimits.nameShown)). Its header has: "
                    + names + more, line: line)
        }
        guard !header[(place + 1)...].contains(name) else {
            throw FeedProblem("The file has two columns called \(name). Rename one.", line: line)
        }
        return place
    }
}
