import ParryDatabase
import ParryDomain
import ParryWire

extension Owner {
    /// A condition that holds for the row of an organisation that this owner sees.
    ///
    /// - Parameter organisation: The organisation's table or alias; its columns are named through it.
    func sees(organisation: SQL) -> SQL {
        let alive: SQL = "\(organisation).deleted_at IS NULL"
        switch self {
        case .adminGroup(_, let partner):
            return "\(alive) AND \(organisation).partner_id = \(partner.text)"
        case .restrictedGroup(let group, let partner):
            return """
                \(alive) AND \(organisation).partner_id = \(partner.text)
                AND \(organisation).id IN (SELECT organisation_id FROM partner_group_organisation
                WHERE group_id = \(group.text))
                """
        case .organisation(let id, _):
            return "\(alive) AND \(organisation).id = \(id.text)"
        }
    }

    /// A condition on one row that has `organisation_id` and `slot`: a look-up by primary key.
    ///
    /// - Parameter table: The row's table or alias.
    func sees(rowOf table: SQL) -> SQL {
        """
        EXISTS (SELECT 1 FROM organisation o
        WHERE o.id = \(table).organisation_id AND o.slot = \(table).slot
        AND \(sees(organisation: "o")))
        """
    }

    /// A condition on a row of `webhook_endpoint`: a partner's own endpoints are its administrators', those of
    /// an organisation belong to who sees the organisation (amendment 8).
    var seesEndpoint: SQL {
        let own: SQL =
            switch self {
            case .adminGroup: "organisation_id IS NULL OR"
            case .restrictedGroup, .organisation: ""
            }
        return """
            deleted_at IS NULL AND partner_id = \(partnerID.text) AND (\(own) \(seesAnyOrganisation))
            """
    }

    /// A condition on the `organisation_id` of many rows, for lists.
    var seesAnyOrganisation: SQL {
        "organisation_id IN (SELECT o.id FROM organisation o WHERE \(sees(organisation: "o")))"
    }
}
