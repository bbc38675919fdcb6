-- A labelled text that tests what words say must not be one that they were learned from, in
-- whatever case.
select tested.text_id, learned.text_id as learned_id
from {{ ref("labelled_texts") }} as tested
inner join
    {{ ref("labelled_texts") }} as learned on lower(trim(learned.words)) = lower(trim(tested.words))
where tested.part = 'test' and learned.part = 'learn'
