import ParryDomain
import ParryStore
import ParryWire

extension GroupPages {
    /// The groups.
    struct ListModel: Sendable {
        let path: String
        let organisationsPath: String
        let groups: [Row]
    }

    /// A group of the list.
    struct Row: Sendable {
        let path: String
        let name: String
        let isAdmin: Bool
        let members: String
        let organisations: String

        init(_ summary: GroupStore.Summary, path: String) {
            self.path = "\(path)/groups/\(summary.group.id.text)"
            name = summary.group.name
            isAdmin = summary.group.isAdmin
            members = Money.count(summary.memberCount)
            organisations = isAdmin ? "all" : Money.count(summary.organisationCount)
        }
    }

    /// A new group.
    struct NewModel: Sendable {
        let path: String
        let backPath: String
        let name: FormField
    }

    /// A group, whole.
    struct ShowModel: Sendable {
        let path: String
        let backPath: String
        let keysPath: String
        let id: String
        let name: String
        let isAdmin: Bool
        /// Why something was not done.
        let refusal: String?
        let rename: FormField
        let members: [Member]
        let invited: [Waiting]
        let search: String
        let isSearched: Bool
        /// To come back to.
        let pageNumber: String
        let organisations: [Assigned]
        let pager: Pager
    }

    /// Who belongs to a group.
    struct Member: Sendable {
        let id: String
        let name: String
        let email: String
        let isSelf: Bool

        init(_ person: Person, isSelf: Bool) {
            id = person.id.text
            name = person.name
            email = person.email
            self.isSelf = isSelf
        }
    }

    /// Who is invited and has not come yet. Not by name: the name may be known from another account.
    struct Waiting: Sendable {
        let id: String
        let email: String
        let expiresAt: TimeText

        init(_ invited: PersonStore.Invited) {
            id = invited.person.id.text
            email = invited.person.email
            expiresAt = TimeText(invited.expiresAt)
        }
    }

    /// An organisation that a group may see.
    struct Assigned: Sendable {
        let id: String
        let name: String
        let isAssigned: Bool

        init(_ assignment: GroupStore.Assignment) {
            id = assignment.organisation.text
            name = assignment.name
            isAssigned = assignment.isAssigned
        }
    }
}
