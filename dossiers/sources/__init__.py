"""The sources that the portal asks for what an applicant need not hand in, each a function of a module here.

`base` says what is found, or why something found will not do; `shelf` reads what is on record for one owner, each kind
once however many components ask; `results`, `papers`, `registers` and `vneid` look there. A new source is a function and
a line in `SOURCES`; whether it can be asked for a component at all is said in `procedures.sources`.
"""

from dossiers.sources import papers, registers, results, vneid
from dossiers.sources.base import Source
from procedures.states import ComponentSource

SOURCES: dict[ComponentSource, tuple[Source, ...]] = {
    ComponentSource.RESULT_REPOSITORY: (results.from_repository,),
    ComponentSource.VAULT_ITEM: (results.from_vault, papers.from_vault),
    ComponentSource.DATA_POPULATION_DB: (registers.from_population,),
    ComponentSource.DATA_IDENTITY_CARD: (registers.from_identity_card,),
    ComponentSource.DATA_BUSINESS_REGISTER: (registers.from_business_register,),
    ComponentSource.DATA_BUSINESS_HOUSEHOLD: (results.from_household_register,),
    ComponentSource.DATA_EHEALTH: (vneid.from_ehealth,),
    ComponentSource.VNEID_DOCUMENT: (registers.from_electronic_identity, vneid.from_vneid),
}
"""The sources that the portal can ask, each by what asks it, in turn."""
