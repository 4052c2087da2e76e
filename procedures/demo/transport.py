"""What the demonstration procedures of road transport share: who decides, who may apply, what every form asks."""

from procedures.demo.questions import known, question
from procedures.states import ApplicantCategory

AGENCY_CODE = "H17.05"
AUTHORITY = "Sở Xây dựng"
MINISTRY = "Bộ Xây dựng"
SECTOR = "Đường bộ"
OPERATORS = (
    ApplicantCategory.ORGANISATION,
    ApplicantCategory.ENTERPRISE,
    ApplicantCategory.FOREIGN_INVESTED_ENTERPRISE,
    ApplicantCategory.COOPERATIVE,
)
LEGAL_BASES = (("158/2024/NĐ-CP", "Quy định về hoạt động vận tải đường bộ"),)

OPERATOR = (
    known(
        "text",
        "ten_don_vi",
        "Tên đơn vị kinh doanh vận tải",
        "Name of the transport operator",
        "organisation.name",
    ),
    known(
        "text",
        "ma_so",
        "Mã số doanh nghiệp, hợp tác xã",
        "Enterprise or cooperative code",
        "organisation.code",
    ),
    question(
        "text",
        "dia_chi",
        "Địa chỉ trụ sở chính",
        "Head office address",
        prefill="organisation.address",
        max_length=255,
    ),
)
